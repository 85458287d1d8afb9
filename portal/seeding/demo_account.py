"""How to sign in as somebody of the demo."""

from typing import Final

DEMO_PASSWORD: Final = "loket-demo"  # noqa: S105  shown to everybody on purpose; production refuses demo accounts
