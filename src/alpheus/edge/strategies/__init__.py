"""Delivery strategies: how names look, how a batch is shaped, how keys are wrapped. One small file each."""
