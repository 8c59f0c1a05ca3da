"""What the `admissions` command does, one module a subcommand; each is a plain function that tests call directly."""
