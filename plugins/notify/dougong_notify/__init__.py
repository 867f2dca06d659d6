"""Messages 消息: people are told of what concerns them, as a plugin of Dougong like any other."""
