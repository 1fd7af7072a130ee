//! Starting and stopping a studio.

use std::net::{Ipv4Addr, SocketAddr};

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::config::{StudioConfig, StudioError};
use crate::desk::Desk;
use crate::line::{Lines, Scissors};
use crate::routes;

/// The practice studio.
#[derive(Debug, Clone, Copy)]
pub struct Studio;

impl Studio {
    /// Reads what was kept, listens on loopback and serves until [`Running::stop`] is called or
    /// the [`Running`] is dropped.
    pub async fn start(config: StudioConfig) -> Result<Running, StudioError> {
        if !config.speed.is_finite() || config.speed <= 0.0 || config.evaluators == 0 {
            return Err(StudioError::Nonsense);
        }
        let port = config.port;
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let listener = TcpListener::bind(address)
            .await
            .map_err(|source| StudioError::Port { port, source })?;
        let bound = listener.local_addr().map_err(|source| StudioError::Port { port, source })?;
        let (key, speed) = (config.key.clone(), config.speed);
        let (stopper, stopping) = watch::channel(false);
        let desk = Desk::open(config, stopping.clone())?;
        let service = routes::router(desk).into_make_service_with_connect_info::<Scissors>();
        let served = tokio::spawn(async move {
            let ended = axum::serve(Lines(listener), service)
                .with_graceful_shutdown(until_stopped(stopping))
                .await;
            if let Err(error) = ended {
                tracing::warn!(%error, "the practice studio stopped serving");
            }
        });
        Ok(Running { base_url: format!("http://{bound}"), key, speed, stopper, served })
    }
}

/// Waits until a stop is asked for, or until nobody is left who could ask.
pub(crate) async fn until_stopped(mut stopping: watch::Receiver<bool>) {
    let _ = stopping.wait_for(|stop| *stop).await;
}

/// A studio that serves. Dropping it stops it too, without waiting.
#[derive(Debug)]
pub struct Running {
    /// Its address, `http://127.0.0.1:<port>`.
    pub base_url: String,
    /// The key it accepts.
    pub key: String,
    /// How many times faster than life its calls go.
    pub speed: f64,
    stopper: watch::Sender<bool>,
    served: JoinHandle<()>,
}

impl Running {
    /// Stops serving and waits until the answers under way have gone out.
    pub async fn stop(self) {
        let _ = self.stopper.send(true);
        if let Err(error) = self.served.await {
            tracing::warn!(%error, "the practice studio did not stop cleanly");
        }
    }
}
