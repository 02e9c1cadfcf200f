from crisisdesk.core.formats import *  # noqa: F403
