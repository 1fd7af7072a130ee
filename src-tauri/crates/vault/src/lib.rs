//! Where API keys live: the system's key store, or this session's memory.
