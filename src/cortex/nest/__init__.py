"""Networks run by NEST: the same network, drive and wiring, handed to another simulator."""
