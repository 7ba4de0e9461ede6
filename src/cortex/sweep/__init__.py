"""Parameter sweeps: content-addressed points, resumable, accounted for."""
