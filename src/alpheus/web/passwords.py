"""What is said of a password that is too short, in all our languages: Django's own sentence is not in all of them."""

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.utils.translation import gettext as _


class LongEnough(MinimumLengthValidator):
    """Django's rule, in our words."""

    def get_error_message(self) -> str:
        """What is wrong, and how long one is."""
        return _("This password is too short. Choose one of at least %(count)d characters.") % {
            "count": self.min_length
        }
