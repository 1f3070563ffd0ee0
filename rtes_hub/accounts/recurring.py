"""What accounts do by themselves, again and again."""

from django.core.management import call_command

from rtes_hub.periodic import every


@every(24 * 3600, "accounts.sessions")
def forget_sessions() -> None:
    """Those that ended, with what was typed after them and never come back for."""
    call_command("clearsessions", verbosity=0)
