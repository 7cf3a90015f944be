"""The forms of missions' pages."""

from missions.forms.follow_ups import FollowUpForm

__all__ = ["FollowUpForm"]
