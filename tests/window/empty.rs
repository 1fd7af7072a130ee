//! An account without results: the list says so as soon as it has been read, after a restart too.

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use crate::support::{Desktop, KEY, Keyring, Server, Shown, Start};

/// An address before a server, whose connections wait while it is shut.
async fn gate(server: &Server) -> Shown<(String, watch::Sender<bool>)> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = format!("http://{}", listener.local_addr()?);
    let behind = server.base_url.trim_start_matches("http://").to_owned();
    let (open, is_open) = watch::channel(true);
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            let (mut is_open, behind) = (is_open.clone(), behind.clone());
            tokio::spawn(async move {
                is_open.wait_for(|open| *open).await.ok()?;
                let mut server = TcpStream::connect(behind).await.ok()?;
                copy_bidirectional(&mut client, &mut server).await.ok()
            });
        }
    });
    Ok((address, open))
}

#[tokio::test]
async fn an_account_without_results_is_told_from_one_that_is_being_read() -> Shown {
    let server = Server::with(|config| config.history = false).await?;
    let (address, open) = gate(&server).await?;
    let desktop = Desktop::start("empty", Keyring::Unlocked)?;
    let start = Start::default();
    let window = desktop.open(&start).await?;
    window.connect(KEY, &address).await?;
    window.kill()?;

    // The screen is there before the answer.
    open.send_replace(false);
    let window = desktop.open(&start).await?;
    window.visit("results").await?;
    window.find_css(".results-card .spinner").await?;
    open.send_replace(true);
    window.find_css(".results-card .state-empty").await?;
    window.close().await?;
    server.stop().await;
    Ok(())
}
