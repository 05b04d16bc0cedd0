"""What an author is told beside the faults: what is weak, what viewers show otherwise, what a
machine can mend."""
