//! The system's own key store, and what its errors mean.

use std::error::Error;
use std::sync::Arc;

use keyring_core::CredentialStore;

use crate::VaultError;

/// What an entry is built with, beside its service and user. Windows would let keys roam with the
/// account; ours belong to this computer.
pub(crate) const MODIFIERS: &[(&str, &str)] =
    if cfg!(target_os = "windows") { &[("persistence", "Local")] } else { &[] };

/// The Secret Service: GNOME Keyring, KWallet, KeePassXC.
#[cfg(target_os = "linux")]
pub(crate) fn open() -> keyring_core::Result<Arc<CredentialStore>> {
    let store: Arc<CredentialStore> = zbus_secret_service_keyring_store::Store::new()?;
    Ok(store)
}

/// The Credential Manager.
#[cfg(target_os = "windows")]
pub(crate) fn open() -> keyring_core::Result<Arc<CredentialStore>> {
    let store: Arc<CredentialStore> = windows_native_keyring_store::Store::new()?;
    Ok(store)
}

/// The login keychain.
#[cfg(target_os = "macos")]
pub(crate) fn open() -> keyring_core::Result<Arc<CredentialStore>> {
    let store: Arc<CredentialStore> = apple_native_keyring_store::keychain::Store::new()?;
    Ok(store)
}

#[cfg(not(any(target_os = "linux", target_os = "windows", target_os = "macos")))]
pub(crate) fn open() -> keyring_core::Result<Arc<CredentialStore>> {
    Err(keyring::Error::NoDefaultStore)
}

/// What a platform's error means, where its type says more than the store's wrapping of it: that
/// takes a dismissed prompt, a missing default collection and a dead daemon for one and the same.
#[cfg(target_os = "linux")]
pub(crate) fn cause(error: &(dyn Error + Send + Sync + 'static)) -> Option<VaultError> {
    use secret_service::Error as Secret;
    let error = error.downcast_ref::<Secret>()?;
    let text = error.to_string();
    Some(match error {
        Secret::Locked | Secret::Prompt => VaultError::Locked(text),
        // A service without a default collection is as good as none; WSL has one of these.
        Secret::Unavailable | Secret::NoResult => VaultError::Missing(text),
        Secret::Zbus(bus) => match bus {
            zbus::Error::MethodError(name, _, _) => of_bus(name.as_str(), text),
            zbus::Error::FDO(bus) => of_fdo(bus, text),
            _ => VaultError::Failed(text),
        },
        Secret::ZbusFdo(bus) => of_fdo(bus, text),
        _ => VaultError::Failed(text),
    })
}

#[cfg(target_os = "linux")]
fn of_bus(name: &str, text: String) -> VaultError {
    match name {
        "org.freedesktop.Secret.Error.IsLocked" => VaultError::Locked(text),
        "org.freedesktop.DBus.Error.ServiceUnknown"
        | "org.freedesktop.DBus.Error.NameHasNoOwner" => VaultError::Missing(text),
        _ => VaultError::Failed(text),
    }
}

#[cfg(target_os = "linux")]
fn of_fdo(error: &zbus::fdo::Error, text: String) -> VaultError {
    match error {
        zbus::fdo::Error::ServiceUnknown(_) | zbus::fdo::Error::NameHasNoOwner(_) => {
            VaultError::Missing(text)
        }
        _ => VaultError::Failed(text),
    }
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn cause(_: &(dyn Error + Send + Sync + 'static)) -> Option<VaultError> {
    None
}
