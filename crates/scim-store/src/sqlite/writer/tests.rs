//! What happens to the units of a batch when the database refuses. Made to happen on the writer's
//! own connection, which nothing outside can reach.

use sea_orm::Value;
use tempfile::TempDir;
use tokio::task::JoinSet;
use uuid::Uuid;

use super::*;
use crate::session::{Cost, Source};

struct Stage {
    writer: Arc<Writer>,
    _directory: TempDir,
}

impl Stage {
    async fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("scimd.db");
        scim_migrations::up(&format!("sqlite://{}", path.display())).await.unwrap();
        let connector = Connector::new(&path).unwrap();
        let writer = Writer::new(&connector, SqliteOptions::new(scim_migrations::LATEST)).unwrap();
        Self { writer, _directory: directory }
    }

    async fn on_the_connection(&self, text: &str) {
        self.writer.turn.lock().await.connection.execute_batch(text).unwrap();
    }

    /// One unit that stores one key of so many bytes.
    async fn write(&self, id: u128, bytes: usize) -> Result<(), StoreError> {
        let mut unit = self.writer.lease().await?;
        unit.execute(insert("a", id, bytes)).await?;
        unit.commit().await
    }

    async fn count(&self) -> u64 {
        let mut unit = self.writer.lease().await.unwrap();
        let call = made("SELECT COUNT(*) FROM activity", Vec::new());
        unit.first(call, crate::rows::read_count).await.unwrap().unwrap()
    }
}

fn made(text: &str, values: Vec<Value>) -> Call {
    Call { source: Source::Made(text.to_owned()), values, cost: Cost::Point }
}

fn insert(path: &str, id: u128, bytes: usize) -> Call {
    let id = Uuid::from_u128(id);
    let text = "INSERT INTO activity (organization_id, request_id, at_us, api_key_id, method, \
                path, status, detail) VALUES (?, 'r', 0, ?, 'GET', ?, 200, ?)";
    made(text, vec![id.into(), id.into(), path.into(), "x".repeat(bytes).into()])
}

/// A membership of nobody in nothing; with deferred checks only the commit notices.
fn dangling() -> Call {
    let id = Uuid::from_u128(1);
    made(
        "INSERT INTO group_members VALUES (?, ?, ?, 0, NULL)",
        vec![id.into(), id.into(), id.into()],
    )
}

// R3
#[tokio::test(flavor = "multi_thread")]
async fn a_full_database_refuses_every_unit_of_the_batch_until_there_is_room() {
    let stage = Arc::new(Stage::new().await);
    stage.write(1, 10).await.unwrap();
    stage.on_the_connection("PRAGMA max_page_count = 1").await;
    let mut writers = JoinSet::new();
    for id in 2..66 {
        let stage = Arc::clone(&stage);
        writers.spawn(async move { stage.write(id, 100_000).await });
    }
    while let Some(outcome) = writers.join_next().await {
        let outcome = outcome.unwrap();
        assert!(matches!(outcome, Err(StoreError::Unavailable(_))), "{outcome:?}");
    }
    assert_eq!(stage.count().await, 1);
    stage.on_the_connection("PRAGMA max_page_count = 1073741823").await;
    stage.write(2, 100_000).await.unwrap();
    assert_eq!(stage.count().await, 2);
}

#[tokio::test]
async fn a_unit_cannot_go_on_by_itself_after_its_transaction_was_lost() {
    let stage = Stage::new().await;
    let mut unit = stage.writer.lease().await.unwrap();
    unit.execute(insert("a", 1, 10)).await.unwrap();
    unit.batch().unwrap().connection.execute_batch("ROLLBACK").unwrap();
    let after = unit.execute(insert("b", 2, 10)).await;
    assert!(matches!(after, Err(StoreError::Unavailable(_))), "{after:?}");
    let outcome = unit.commit().await;
    assert!(matches!(outcome, Err(StoreError::Unavailable(_))), "{outcome:?}");
    assert_eq!(stage.count().await, 0);
    stage.write(3, 10).await.unwrap();
    assert_eq!(stage.count().await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn those_who_wait_are_told_when_a_later_unit_loses_the_transaction() {
    let stage = Arc::new(Stage::new().await);
    let mut first = stage.writer.lease().await.unwrap();
    // The second one queues, so the first one's commit waits for it.
    let second = tokio::spawn({
        let stage = Arc::clone(&stage);
        async move {
            let unit = stage.writer.lease().await.unwrap();
            unit.batch().unwrap().connection.execute_batch("ROLLBACK").unwrap();
        }
    });
    while stage.writer.queued.load(SeqCst) == 0 {
        tokio::task::yield_now().await;
    }
    first.execute(insert("a", 1, 10)).await.unwrap();
    let outcome = first.commit().await;
    second.await.unwrap();
    // It shared the batch, or was old enough to be committed on its own.
    match outcome {
        Ok(()) => assert_eq!(stage.count().await, 1),
        Err(error) => {
            assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");
            assert_eq!(stage.count().await, 0);
        }
    }
    stage.write(2, 10).await.unwrap();
}

#[tokio::test]
async fn a_commit_that_fails_fails_for_the_unit_and_not_for_the_next() {
    let stage = Stage::new().await;
    let mut unit = stage.writer.lease().await.unwrap();
    unit.run("PRAGMA defer_foreign_keys = ON").unwrap();
    unit.execute(insert("a", 1, 10)).await.unwrap();
    unit.execute(dangling()).await.unwrap();
    let outcome = unit.commit().await;
    assert!(matches!(outcome, Err(StoreError::Unavailable(_))), "{outcome:?}");
    assert_eq!(stage.count().await, 0);
    stage.write(2, 10).await.unwrap();
    assert_eq!(stage.count().await, 1);
    assert_eq!(stage.writer.commits().await, 1);
}

// V2
#[tokio::test]
async fn units_that_a_thread_has_begun_share_a_commit() {
    let stage = Arc::new(Stage::new().await);
    // A unit that took longer than a batch may last is committed alone.
    for pair in 1..=20 {
        let before = stage.writer.commits().await;
        let mut writers = JoinSet::new();
        for id in [pair * 2, pair * 2 + 1] {
            let stage = Arc::clone(&stage);
            writers.spawn(async move { stage.write(id, 10).await });
        }
        for outcome in writers.join_all().await {
            outcome.unwrap();
        }
        if stage.writer.commits().await == before + 1 {
            return;
        }
    }
    panic!("no two units shared a commit");
}

// V2
#[tokio::test]
async fn a_batch_is_left_open_as_long_as_units_come_and_it_is_young() {
    let Stage { writer, .. } = &Stage::new().await;
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    let (tell, told) = oneshot::channel();
    // For as long as the test takes.
    let young = Some(Instant::now() + Duration::from_mins(1));

    let mut looks = std::pin::pin!(writer.let_others_come(young, &told));
    assert!(looks.as_mut().poll(&mut context).is_pending());
    for _ in 0..3 {
        writer.come.fetch_add(1, Relaxed);
        assert!(looks.as_mut().poll(&mut context).is_pending());
    }
    assert!(looks.as_mut().poll(&mut context).is_ready());

    // One look, whatever comes.
    let mut looks_once = |opened, told| {
        let mut looks = std::pin::pin!(writer.let_others_come(opened, told));
        assert!(looks.as_mut().poll(&mut context).is_pending());
        writer.come.fetch_add(1, Relaxed);
        looks.as_mut().poll(&mut context).is_ready()
    };
    assert!(looks_once(Instant::now().checked_sub(LONGEST_BATCH), &told));
    tell.send(Outcome::Durable).unwrap();
    assert!(looks_once(young, &told));
}

// R1
#[tokio::test]
async fn what_is_left_open_for_others_is_committed_when_its_caller_goes_away() {
    let stage = Stage::new().await;
    {
        let mut written = std::pin::pin!(stage.write(1, 10));
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        assert!(written.as_mut().poll(&mut context).is_pending());
    }
    // The commit has the writer, or has had it.
    assert_eq!(stage.writer.commits().await, 1);
    assert_eq!(stage.count().await, 1);
}

// R1
#[tokio::test]
async fn who_looks_at_the_writer_leaves_no_batch_behind() {
    let stage = Stage::new().await;
    let mut unit = stage.writer.lease().await.unwrap();
    unit.execute(insert("a", 1, 10)).await.unwrap();
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    let mut looks = std::pin::pin!(stage.writer.commits());
    assert!(looks.as_mut().poll(&mut context).is_pending());
    // He is given the writer when the unit leaves its batch open, and has it when that comes back.
    let mut committed = std::pin::pin!(unit.commit());
    for _ in 0..2 {
        assert!(committed.as_mut().poll(&mut context).is_pending());
    }
    assert_eq!(looks.await, 0);
    let committed = tokio::time::timeout(Duration::from_secs(10), committed).await;
    committed.expect("a batch that nobody commits").unwrap();
    assert_eq!(stage.count().await, 1);
}

// R2
#[tokio::test]
async fn the_writer_syncs_at_every_commit() {
    let stage = Stage::new().await;
    let batch = stage.writer.turn.lock().await;
    let ask = |pragma: &str| -> i64 {
        batch.connection.query_row(&format!("PRAGMA {pragma}"), [], |it| it.get(0)).unwrap()
    };
    assert_eq!(ask("synchronous"), 2);
    assert_eq!(ask("foreign_keys"), 1);
    assert_eq!(ask("query_only"), 0);
}
