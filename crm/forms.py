"""What every form stands on."""

from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """Finds form templates among the project's own."""

    form_template_name = "django/forms/div.html"
