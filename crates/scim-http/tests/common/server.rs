//! A server on a port of its own: what only bytes on a socket show.

use std::{fmt::Debug, net::SocketAddr, time::Duration};

use actix_http::{Request, Response};
use actix_service::{IntoServiceFactory, Service, ServiceFactory};
use actix_web::{
    App, Error, HttpServer,
    body::BoxBody,
    dev::{AppConfig, ServerHandle},
};
use scim_domain::organization::Plan;
use scim_http::{configure_service, in_front};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use super::World;

/// A world behind a port of its own, until it is stopped.
pub struct Server {
    pub address: SocketAddr,
    pub token: String,
    pub world: World,
    handle: ServerHandle,
}

impl Server {
    /// Around a new world.
    pub async fn start(request_timeout: Duration) -> Self {
        Self::around(World::with_timeout(Plan::Enterprise, request_timeout).await)
    }

    /// Around a world as it is now. Speaks HTTP/2, too, to whoever begins with it.
    pub fn around(world: World) -> Self {
        let service = world.service();
        Self::of(world, move || {
            let app = App::new().configure(|cfg| configure_service(cfg, &service));
            in_front(&service.scim, app)
        })
    }

    /// The same with nothing in front of the application, as where it is somebody else's.
    pub fn mounted(world: World) -> Self {
        let service = world.service();
        Self::of(world, move || App::new().configure(|cfg| configure_service(cfg, &service)))
    }

    fn of<I, F>(world: World, app: impl Fn() -> I + Send + Clone + 'static) -> Self
    where
        I: IntoServiceFactory<F, Request> + 'static,
        F: ServiceFactory<Request, Config = AppConfig> + 'static,
        F::Response: Into<Response<BoxBody>> + 'static,
        F::Error: Into<Error> + 'static,
        F::InitError: Debug,
        F::Service: 'static,
        <F::Service as Service<Request>>::Future: 'static,
    {
        let token = world.tenant.token.clone();
        let server = HttpServer::new(app).workers(1).disable_signals();
        let server = server.bind_auto_h2c("127.0.0.1:0").unwrap();
        let address = server.addrs()[0];
        let server = server.run();
        let handle = server.handle();
        actix_web::rt::spawn(server);
        Self { address, token, world, handle }
    }

    /// Sends the head of a POST and hands over the connection.
    pub async fn post(&self, path: &str, head: &str) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        let token = &self.token;
        let head =
            format!("POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: {token}\r\n{head}\r\n");
        stream.write_all(head.as_bytes()).await.unwrap();
        stream
    }

    pub async fn stop(self) {
        self.handle.stop(true).await;
    }
}

/// Reads until the server closes or the text is there.
pub async fn read_until(stream: &mut TcpStream, wanted: &str) -> String {
    let mut seen = Vec::new();
    let mut buffer = [0; 4096];
    let reading = async {
        loop {
            let count = stream.read(&mut buffer).await.unwrap_or(0);
            seen.extend_from_slice(&buffer[..count]);
            let text = String::from_utf8_lossy(&seen).into_owned();
            if count == 0 || text.contains(wanted) {
                return text;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(20), reading).await.expect("no answer")
}
