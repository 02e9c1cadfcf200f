"""Crisis Desk: the desk from which a PR team runs a social-media crisis."""
