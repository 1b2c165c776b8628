"""What stands behind `make`: the set-up, the services and the supervisor. Nothing here runs in production."""
