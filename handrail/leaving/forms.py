from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

BIGGEST_FILE = 900_000  # bytes; a request of more than a megabyte is turned away before it comes here


class MoveInForm(forms.Form):
    file = forms.FileField(
        label=_("The ZIP file"),
        help_text=_("Its name is a date, like 2026-11-20.zip."),
        widget=forms.FileInput({"accept": ".zip,application/zip"}),
        error_messages={"required": _("Please choose the file."), "empty": _("This file is empty.")},
    )

    def clean_file(self) -> bytes:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > BIGGEST_FILE:
            raise forms.ValidationError(_("This file is bigger than we can take."))
        return bytes(file.read())
