"""Cases: everything that waits for a person, as declared tables of states and a fold over events."""
