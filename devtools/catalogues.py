"""Extract screen texts into locale/*.po and compile them, with Babel: no gettext program is needed."""
