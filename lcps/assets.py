"""Which folders of the npm packages are served, and under which prefix of the static URL."""

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
