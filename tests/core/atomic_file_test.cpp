#include "dawson/core/atomic_file.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>
#include <stdexcept>

#include "dawson/core/error.h"
#include "support/temporary_folder.h"

namespace dawson::core {
namespace {

namespace fs = std::filesystem;
using ::dawson::testing::read;
using ::dawson::testing::TemporaryFolder;
using ::dawson::testing::write;
using Names = std::set<std::string>;

// Runs `work` in a process of its own and returns how that ended (as waitpid says).
int in_child(const std::function<int()>& work) {
  const pid_t child = fork();
  if (child == 0) _exit(work());
  int status = 0;
  waitpid(child, &status, 0);
  return status;
}

int code_of(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& e) {
    return static_cast<int>(e.code());
  }
  return 0;
}

TEST(AtomicFile, AppearsWithCommitAndNotBefore) {
  const TemporaryFolder folder;
  write(folder / "a.txt", "old");
  {
    AtomicFile file(folder / "a.txt");
    EXPECT_EQ(file.temporary().extension(), ".txt");
    write(file.temporary(), "new");
    EXPECT_EQ(read(folder / "a.txt"), "old");
    file.commit();
  }
  EXPECT_EQ(read(folder / "a.txt"), "new");
  EXPECT_EQ(folder.contents(), Names{"a.txt"});
}

TEST(AtomicFile, LeavesNothingWhenNotCommitted) {
  const TemporaryFolder folder;
  try {
    AtomicFile file(folder / "a.txt");
    write(file.temporary(), "half");
    throw std::runtime_error("stop");
  } catch (const std::runtime_error&) {
  }
  EXPECT_EQ(folder.contents(), Names{});
}

TEST(AtomicFile, NeverShowsHalfAFileWhenTheProcessIsKilled) {
  const TemporaryFolder folder;
  write(folder / "a.txt", "old");
  const int status = in_child([&] {
    AtomicFile file(folder / "a.txt");
    write(file.temporary(), "half of the ne");
    kill(getpid(), SIGKILL);
    return 0;
  });
  EXPECT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(read(folder / "a.txt"), "old");
}

TEST(AtomicFile, RefusesAMissingParentFolder) {
  const TemporaryFolder folder;
  EXPECT_EQ(code_of([&] { AtomicFile(folder / "none/a.txt"); }), 4);
}

TEST(AtomicFile, RefusesAFolderThatMayNotBeWritten) {
  const TemporaryFolder folder;
  chmod(folder.path().c_str(), 0555);
  const int status = in_child([&] {
    if (getuid() == 0 && setresuid(65534, 65534, 65534) != 0) return 99;  // root may write anywhere
    const int file = code_of([&] { AtomicFile(folder / "a.txt"); });
    const int tree = code_of([&] { AtomicFolder(folder / "out", false); });
    return file == 4 && tree == 4 ? 4 : 1;
  });
  chmod(folder.path().c_str(), 0755);
  EXPECT_EQ(WEXITSTATUS(status), 4);
  EXPECT_EQ(folder.contents(), Names{});
}

TEST(AtomicFile, LeavesNothingWhenTheDiskTakesNoMore) {
  const TemporaryFolder folder;
  const int status = in_child([&] {
    signal(SIGXFSZ, SIG_IGN);
    const rlimit small{4096, 4096};  // a write beyond fails as it does on a full disk
    setrlimit(RLIMIT_FSIZE, &small);
    return code_of([&] { write_text(folder / "a.txt", std::string(100'000, 'x')); });
  });
  EXPECT_EQ(WEXITSTATUS(status), 4);
  EXPECT_EQ(folder.contents(), Names{});
}

TEST(AtomicFolder, FilesAppearTogetherWithCommit) {
  const TemporaryFolder folder;
  {
    AtomicFolder out(folder / "out/deep", false);
    fs::create_directories(out.temporary() / "sub");
    write(out.temporary() / "a.txt", "a");
    write(out.temporary() / "sub/b.txt", "b");
    EXPECT_FALSE(fs::exists(folder / "out"));
    out.commit();
  }
  EXPECT_EQ(folder.contents(),
            (Names{"out", "out/deep", "out/deep/a.txt", "out/deep/sub", "out/deep/sub/b.txt"}));
}

/// One rename of the folder itself: nobody ever sees a part of it.
TEST(AtomicFolder, BecomesANewFolderInOneStep) {
  const testing::TemporaryFolder folder;
  AtomicFolder out(folder / "deep/out", false);
  write_text(out.temporary() / "a.txt", "a");
  struct stat before {
  }, after{};
  ASSERT_EQ(::stat(out.temporary().c_str(), &before), 0);
  out.commit();
  ASSERT_EQ(::stat((folder / "deep/out").c_str(), &after), 0);
  EXPECT_EQ(before.st_ino, after.st_ino);
  EXPECT_FALSE(fs::exists(out.temporary()));
}

TEST(AtomicFolder, RefusesToReplaceUnlessAsked) {
  const TemporaryFolder folder;
  fs::create_directory(folder / "out");
  write(folder / "out/b.txt", "old");
  const auto attempt = [&](bool overwrite) {
    AtomicFolder out(folder / "out", overwrite);
    write(out.temporary() / "a.txt", "new");
    write(out.temporary() / "b.txt", "new");
    out.commit();
  };
  EXPECT_EQ(code_of([&] { attempt(false); }), 4);
  EXPECT_EQ(folder.contents(), (Names{"out", "out/b.txt"}));  // not even a.txt
  EXPECT_EQ(read(folder / "out/b.txt"), "old");
  EXPECT_EQ(code_of([&] { AtomicFolder(folder / "out", false).claim("b.txt"); }), 4);
  EXPECT_EQ(code_of([&] { AtomicFolder(folder / "out", false).claim("c.txt"); }), 0);
  EXPECT_EQ(code_of([&] { attempt(true); }), 0);
  EXPECT_EQ(read(folder / "out/b.txt"), "new");
}

TEST(AtomicFolder, LeavesNothingWhenNotCommitted) {
  const TemporaryFolder folder;
  {
    const AtomicFolder out(folder / "out", false);
    write(out.temporary() / "a.txt", "half");
  }
  EXPECT_EQ(folder.contents(), Names{});
}

TEST(UnfinishedFiles, AreDiscardedAllAtOnce) {
  const TemporaryFolder folder;
  write(folder / "done.txt", "kept");
  const int status = in_child([&] {
    const AtomicFile file(folder / "a.txt");
    const AtomicFolder out(folder / "out", false);
    write(file.temporary(), "half");
    write(out.temporary() / "b.txt", "half");
    discard_unfinished_files();
    _exit(7);
    return 0;
  });
  EXPECT_EQ(WEXITSTATUS(status), 7);
  EXPECT_EQ(folder.contents(), Names{"done.txt"});
}

}  // namespace
}  // namespace dawson::core
