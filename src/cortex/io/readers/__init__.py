"""Readers of files made elsewhere: each kind gives events, one module makes spikes of them."""
