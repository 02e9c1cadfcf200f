from crisisdesk.core.words import *  # noqa: F403
