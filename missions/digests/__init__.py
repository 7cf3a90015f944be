"""The daily e-mail: what it says to a user, and how it is sent once a day and never lost."""
