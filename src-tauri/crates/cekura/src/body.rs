//! Reading bodies with a limit. The limit counts bytes after decompression, so that a small answer
//! cannot unfold into a large one.

use reqwest::Response;

use crate::error::ErrorKind;
use crate::transport::classify;

/// The whole body, or `too_big`.
pub(crate) async fn whole(mut response: Response, limit: u64) -> Result<Vec<u8>, ErrorKind> {
    if response.content_length().is_some_and(|length| length > limit) {
        return Err(ErrorKind::TooBig { limit });
    }
    let mut body = Vec::new();
    while let Some(piece) = response.chunk().await.map_err(|error| classify(&error).kind)? {
        if (body.len() + piece.len()) as u64 > limit {
            return Err(ErrorKind::TooBig { limit });
        }
        body.extend_from_slice(&piece);
    }
    Ok(body)
}

/// As much of the body as there is, up to the limit.
pub(crate) struct Beginning {
    pub(crate) text: String,
    /// The whole body was read.
    pub(crate) complete: bool,
}

/// The beginning of a body whose status already says what happened.
pub(crate) async fn beginning(mut response: Response, limit: u64) -> Beginning {
    let mut body = Vec::new();
    let complete = loop {
        match response.chunk().await {
            Ok(Some(piece)) => {
                let room = usize::try_from(limit).unwrap_or(usize::MAX) - body.len();
                body.extend_from_slice(&piece[..piece.len().min(room)]);
                if piece.len() > room {
                    break false;
                }
            }
            Ok(None) => break true,
            Err(_) => break false,
        }
    };
    Beginning { text: String::from_utf8_lossy(&body).into_owned(), complete }
}
