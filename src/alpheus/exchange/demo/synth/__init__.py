"""Sound from arithmetic: oscillators, modes, instruments, effects, a mixing desk. It knows no piece of music.

Sounds are float32 arrays at `sound.RATE_HZ`, one column per channel; seeded noise makes every run the same.
"""
