//! From where a key may be used.

use std::net::IpAddr;

use ipnet::{IpNet, Ipv4Net};

use crate::invalid::Invalid;

#[cfg(test)]
mod tests;

/// The longest list of allowed addresses.
const MOST: usize = 100;

/// The addresses from which a key may be used: ranges in the notation of RFC 4632 (CIDR), ordered
/// and each once. None means: from anywhere.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AllowedAddresses(Vec<IpNet>);

impl AllowedAddresses {
    /// Reads addresses and ranges, such as `203.0.113.7` or `2001:db8::/48`. Bits behind the prefix
    /// are dropped, and an IPv4 range in the clothes of IPv6 is the IPv4 range it is. At most 100.
    pub fn parse<T: AsRef<str>>(texts: &[T]) -> Result<Self, Invalid> {
        if texts.len() > MOST {
            return Err(Invalid::value(format!(
                "A key has at most {MOST} allowed addresses. Use wider ranges."
            )));
        }
        let mut ranges = Vec::with_capacity(texts.len());
        for (at, text) in texts.iter().enumerate() {
            let range = range(text.as_ref().trim()).ok_or_else(|| {
                Invalid::value(format!(
                    "An allowed address is an IP address or a range such as 203.0.113.0/24 or \
                     2001:db8::/48; number {} of the list is neither.",
                    at + 1
                ))
            })?;
            ranges.push(range);
        }
        ranges.sort_unstable();
        ranges.dedup();
        Ok(Self(ranges))
    }

    /// Whether a key with this list may be used from an address. An address that nobody knows is in
    /// no list.
    pub fn admit(&self, address: Option<IpAddr>) -> bool {
        let within = |it: IpAddr| self.0.iter().any(|range| range.contains(&it.to_canonical()));
        self.0.is_empty() || address.is_some_and(within)
    }

    /// Whether the key may be used from anywhere.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The ranges as text, in their order.
    pub fn names(&self) -> Vec<String> {
        self.0.iter().map(ToString::to_string).collect()
    }
}

fn range(text: &str) -> Option<IpNet> {
    let parsed = text.parse::<IpNet>().or_else(|_| text.parse::<IpAddr>().map(IpNet::from)).ok()?;
    Some(canonical(parsed).trunc())
}

/// Clients are told apart by their canonical address, so a range of mapped ones would admit nobody.
fn canonical(range: IpNet) -> IpNet {
    /// The bits in front of an IPv4 address that is mapped into IPv6.
    const MAPPED: u8 = 96;
    let IpNet::V6(wide) = range else { return range };
    let short = wide.prefix_len().checked_sub(MAPPED).zip(wide.addr().to_ipv4_mapped());
    let narrow = short.and_then(|(prefix, address)| Ipv4Net::new(address, prefix).ok());
    narrow.map_or(range, IpNet::V4)
}
