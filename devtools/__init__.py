"""What stands behind `make`: set-up, services, supervisor. Nothing here runs in production."""
