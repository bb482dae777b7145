"""通知: who is told what, when and how often: quiet hours, digests, retries."""
