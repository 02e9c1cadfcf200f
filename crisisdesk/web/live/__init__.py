"""Live news: one process holds every open page and tells each the newest number of its incident.

    ear     the one LISTEN connection; lost, it is made again and catches up
    hub     who listens to which incident, and how far each one is
    gate    who may listen, asked at the door and again as long as they stay
    stream  the ASGI application: one request, one listener

Numbers only: what a number means, the page fetches by itself and sees what its reader may see.
"""
