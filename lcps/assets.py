"""Which files of the npm packages are served, and under which prefix of the static URL.

Only these are collected: a package also holds maps, module builds and sources, a hundred times as much.
"""

NPM_ASSETS: dict[str, str] = {
    "vendor/inter": "@fontsource-variable/inter",
    "vendor/htmx": "htmx.org/dist",
    "vendor/echarts": "echarts/dist",
    "vendor/nlds-button": "@nl-design-system-candidate/button-css/dist",
    "vendor/nlds-skip-link": "@nl-design-system-candidate/skip-link-css/dist",
    "vendor/utrecht-alert": "@utrecht/alert-css/dist",
    "vendor/utrecht-form-field": "@utrecht/form-field-css/dist",
    "vendor/utrecht-form-label": "@utrecht/form-label-css/dist",
    "vendor/utrecht-form-field-description": "@utrecht/form-field-description-css/dist",
    "vendor/utrecht-form-field-error-message": "@utrecht/form-field-error-message-css/dist",
    "vendor/utrecht-textbox": "@utrecht/textbox-css/dist",
    "vendor/utrecht-textarea": "@utrecht/textarea-css/dist",
    "vendor/utrecht-select": "@utrecht/select-css/dist",
}

# Patterns below the prefixes. The two .map files are named in their style sheets, so they must be there.
NPM_FILES: tuple[str, ...] = (
    "vendor/inter/wght.css",
    "vendor/inter/files/inter-*-wght-normal.woff2",
    "vendor/htmx/htmx.min.js",
    "vendor/echarts/echarts.common.min.js",
    "vendor/nlds-button/button.css",
    "vendor/nlds-button/button.css.map",
    "vendor/nlds-skip-link/skip-link.css",
    "vendor/nlds-skip-link/skip-link.css.map",
    "vendor/utrecht-*/index.min.css",
)
