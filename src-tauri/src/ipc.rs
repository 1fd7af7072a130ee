//! What is not plain data: the key on its one way in, a growing text and the bytes on their way out.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer};
use tauri::Runtime;
use tauri::ipc::{Channel, CommandArg, CommandItem, InvokeError, InvokeResponseBody, IpcResponse};

/// A key as it comes from the page. It is wrapped before anything else sees it: it has no
/// `Serialize`, its `Debug` does not show it, and it is wiped when dropped.
pub(crate) struct KeyText(SecretString);

impl KeyText {
    /// The text, for the one call that puts it where it belongs.
    pub(crate) fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Debug for KeyText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[key]")
    }
}

impl<'de> Deserialize<'de> for KeyText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self(text.into()))
    }
}

/// Where the pieces of a text that grows are sent. Made only when a person asks for such a text: what
/// goes through a channel has WebKitGTK keep a script engine of about 3 MiB in this process.
pub(crate) struct TextChannel(Channel<String>);

impl TextChannel {
    /// Sends one piece. A page that is gone does not hear it, and that is fine.
    #[expect(clippy::disallowed_methods, reason = "asked for by a person, and worth it then")]
    pub(crate) fn send(&self, piece: String) {
        let _ = self.0.send(piece);
    }
}

impl<'de, R: Runtime> CommandArg<'de, R> for TextChannel {
    fn from_command(command: CommandItem<'de, R>) -> Result<Self, InvokeError> {
        Channel::from_command(command).map(Self)
    }
}

/// Bytes that cross as they are, not as JSON.
pub(crate) struct Bytes(pub(crate) Vec<u8>);

impl IpcResponse for Bytes {
    fn body(self) -> tauri::Result<InvokeResponseBody> {
        Ok(InvokeResponseBody::Raw(self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::KeyText;

    #[test]
    fn a_key_does_not_show_itself() {
        let key: KeyText = serde_json::from_str("\"canary-0123456789\"").expect("a string");
        assert_eq!(format!("{key:?}"), "[key]");
        assert_eq!(key.expose(), "canary-0123456789");
    }
}
