//! A service whose words with its database go through a proxy.

use crate::cluster::Cluster;
use crate::instance::{Instance, Place};
use crate::load::USERS;
use crate::proxy::Proxy;
use crate::world::Organization;

pub struct House {
    pub cluster: Cluster,
    pub proxy: Proxy,
    pub instance: Instance,
    pub acme: Organization,
}

impl House {
    /// With an organization whose key has been checked.
    pub fn build(place: Place) -> Self {
        let cluster = Cluster::start();
        let proxy = Proxy::start(cluster.port());
        let instance = place.with("SCIMD__DATABASE__URL", &proxy.url()).serve();
        let acme = Organization::create(&instance.place, "Acme");
        assert_eq!(acme.client(&instance).get(USERS).status, 200);
        Self { cluster, proxy, instance, acme }
    }
}
