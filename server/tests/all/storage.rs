//! The storage, on SQLite and on PostgreSQL alike.

mod blocks;
mod calls;
mod conversations;
mod group_commit;
mod people;
mod schema;

use parley_protocol::{Timestamp, UserId, people::UserSummary};
use parley_server::storage::Store;
use uuid::Uuid;

const NOW: Timestamp = Timestamp(1_780_000_000_000);

async fn person(store: &Store, name: &str) -> UserId {
    let user = UserSummary::named(UserId(Uuid::now_v7()), name.to_owned());
    let write = store.write().await.unwrap();
    write.insert_user(&user, NOW).await.unwrap();
    write.commit().await.unwrap();
    user.id
}
