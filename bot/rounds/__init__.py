"""What the bot does now and then, whoever writes: finds what was left lying and sees that nobody waits unheard."""
