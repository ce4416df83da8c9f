"""How property tests draw their examples, for every test below."""

import os

from hypothesis import settings

# No deadline: a slow moment of a busy machine is no failure.
settings.register_profile("here", deadline=None)
# The same examples every time, so that a change is blamed only for what it breaks itself.
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("BANNERET_TEST_ALL") == "1" or "CI" in os.environ else "here")
