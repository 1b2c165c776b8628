"""Extract screen texts into locale/*.po and compile them. Babel does it, so no gettext is needed."""
