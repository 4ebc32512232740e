"""Ways to reach staff: the log, a command of the city's own, a group robot. One module each."""
