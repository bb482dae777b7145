"""The backward schedule: Gantt, deadlines with their proofs, work lists, sheets and exchange."""
