"""Who is at the door: passwords, invitations, login sessions, the throttle and grants."""
