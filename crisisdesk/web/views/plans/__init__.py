"""Plans of announcements: the list, the plan, its forms, the press that opens the incident."""
