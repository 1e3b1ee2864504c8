//! The address of the client, as far as the proxies between can be trusted.

use std::net::{IpAddr, SocketAddr};

use actix_web::http::header::HeaderMap;
use ipnet::IpNet;

#[cfg(test)]
mod tests;

/// The peer, or, when the peer is a trusted proxy, the right-most address of `X-Forwarded-For` that
/// is not one. What stands left of it was written by somebody we do not know.
pub(crate) fn address(
    peer: Option<SocketAddr>,
    headers: &HeaderMap,
    trusted: &[IpNet],
) -> Option<IpAddr> {
    let mut client = peer?.ip().to_canonical();
    if !is_trusted(client, trusted) {
        return Some(client);
    }
    let lines: Vec<_> = headers.get_all("x-forwarded-for").collect();
    for line in lines.iter().rev() {
        // A line with other bytes than text names nobody; who sent it is the best we know.
        let Ok(line) = line.to_str() else { return Some(client) };
        for entry in line.rsplit(',') {
            let Some(address) = parse(entry) else { return Some(client) };
            client = address;
            if !is_trusted(client, trusted) {
                return Some(client);
            }
        }
    }
    Some(client)
}

fn is_trusted(address: IpAddr, trusted: &[IpNet]) -> bool {
    trusted.iter().any(|net| net.contains(&address))
}

/// An address with or without a port, as proxies write it.
fn parse(entry: &str) -> Option<IpAddr> {
    let entry = entry.trim();
    let bare = entry.strip_prefix('[').and_then(|it| it.strip_suffix(']')).unwrap_or(entry);
    let address = bare.parse::<IpAddr>().or_else(|_| entry.parse::<SocketAddr>().map(|it| it.ip()));
    address.ok().map(|it| it.to_canonical())
}
