"""What-if: scenarios beside the plan, compared."""
