//! What must be right in the process before a window toolkit looks at it.

/// Puts the environment right. Must run before any other thread and before GTK.
pub fn prepare() {
    #[cfg(target_os = "linux")]
    linux::prepare();
}

#[cfg(target_os = "linux")]
mod linux {
    /// The variables WebKit derives the page's language from.
    const LOCALE: [&str; 4] = ["LC_ALL", "LC_CTYPE", "LC_MESSAGES", "LANG"];

    pub(super) fn prepare() {
        for name in LOCALE {
            if let Ok(value) = std::env::var(name)
                && let Some(better) = better_locale(&value)
            {
                set(name, better);
            }
        }
        // Blank windows with NVIDIA's driver and on some Wayland compositors.
        if std::env::var_os("WEBKIT_DISABLE_DMABUF_RENDERER").is_none() {
            set("WEBKIT_DISABLE_DMABUF_RENDERER", "1");
        }
        if !cfg!(debug_assertions) {
            no_core_dumps();
        }
    }

    fn set(name: &str, value: &str) {
        // It fails only for names that no caller here uses; without it the page still opens in
        // nearly every set-up.
        let _ = glib::setenv(name, value, true);
    }

    /// The locale to use in place of one whose name is not a language. WebKit turns `C.UTF-8` into
    /// the language `"C"`, for which every `Intl` constructor throws and the page stays empty.
    /// (`C` by itself becomes `en-US`.) If the locale set here is not installed, the C library
    /// falls back to `C`, which is fine.
    pub(super) fn better_locale(value: &str) -> Option<&'static str> {
        let name = value.split(['.', '@']).next().unwrap_or_default();
        ((name == "C" && name != value) || name == "POSIX").then_some("en_US.UTF-8")
    }

    /// A dump of this process would hold the key. (Ptrace is left alone on purpose: a process that
    /// cannot be inspected cannot open the desktop's file dialogs through a portal either.)
    fn no_core_dumps() {
        use rustix::process::{Resource, Rlimit, setrlimit};
        let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
    }

    #[cfg(test)]
    mod tests {
        use super::better_locale;

        #[test]
        fn only_locales_without_a_language_are_replaced() {
            for bad in ["C.UTF-8", "C.utf8", "POSIX", "POSIX.UTF-8"] {
                assert_eq!(better_locale(bad), Some("en_US.UTF-8"), "{bad}");
            }
            for good in ["", "C", "en_GB.UTF-8", "tr_TR", "ca_ES@valencia", "Cy_GB.UTF-8"] {
                assert_eq!(better_locale(good), None, "{good}");
            }
        }
    }
}
