#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <functional>
#include <thread>
#include <vector>

#include "cache/made_cache.h"
#include "dawson/cache/cache.h"
#include "support/temporary_folder.h"

namespace dawson::cache {
namespace {

using testing::made_arrays;
using testing::made_entry;
using testing::made_recipe;
using testing::TemporaryFolder;

Writer writer_of(const std::filesystem::path& folder) {
  return {folder, made_recipe(), "lesion", false};
}

pid_t start(const std::function<void()>& work) {
  const pid_t child = fork();
  if (child != 0) return child;
  int status = 0;
  try {
    work();
  } catch (...) {
    status = 1;
  }
  _exit(status);
}

void expect_success(pid_t child) {
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

TEST(CacheWriters, OfManyProcessesLoseNothing) {
  const TemporaryFolder folder;
  std::vector<pid_t> children;
  for (int process = 0; process < 4; ++process) {
    children.push_back(start([&, process] {
      Writer writer = writer_of(folder.path());
      for (int scan = 0; scan < 5; ++scan) {
        const Entry e = made_entry("p" + std::to_string(process), "sub-" + std::to_string(scan));
        writer.add(e, made_arrays(e));
      }
    }));
  }
  for (const pid_t child : children) expect_success(child);
  const Cache cache = Cache::open(folder.path());
  EXPECT_EQ(cache.entries().size(), 20U);
}

TEST(CacheWriters, FindWhatTheOneBeforeWrote) {
  const TemporaryFolder folder;
  const Entry entry = made_entry("tabriz", "sub-1");
  int started[2] = {};
  ASSERT_EQ(pipe(started), 0);
  char go = 'x';
  // Forked before the first writer, whose open lock file it would share otherwise.
  const pid_t second = start([&] {
    if (read(started[0], &go, 1) != 1) _exit(1);
    const Writer writer = writer_of(folder.path());  // waits for `first`, or finds nothing
    if (!writer.holds(entry.stem, entry.content_sha256)) _exit(1);
  });
  {
    Writer first = writer_of(folder.path());
    ASSERT_EQ(write(started[1], &go, 1), 1);
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    EXPECT_EQ(waitpid(second, nullptr, WNOHANG), 0) << "the second writer did not wait";
    first.add(entry, made_arrays(entry));
  }
  expect_success(second);
}

TEST(CacheWriters, DoNotWaitForOneThatWasKilled) {
  const TemporaryFolder folder;
  const Entry entry = made_entry("tabriz", "sub-1");
  const pid_t killed = start([&] {
    Writer writer = writer_of(folder.path());
    writer.add(entry, made_arrays(entry));
    raise(SIGKILL);
  });
  int status = 0;
  ASSERT_EQ(waitpid(killed, &status, 0), killed);
  EXPECT_TRUE(WIFSIGNALED(status));
  EXPECT_TRUE(writer_of(folder.path()).holds(entry.stem, entry.content_sha256));
}

}  // namespace
}  // namespace dawson::cache
