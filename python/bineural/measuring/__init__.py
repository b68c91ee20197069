"""How predictions are judged: ranks, DeLong, losses, and the record of an evaluation."""
