// What a user starts. Sets what OpenMP and OpenBLAS read while they load, and becomes the program,
// which loads them: a second start of the program for two words of environment would take as long
// as the first.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>

namespace {

namespace fs = std::filesystem;

constexpr int defect = 70;  // core::ExitCode's, without its library

/// Returns only where there is no such program.
void become(const fs::path& program, char** argv) {
  execv(program.c_str(), argv);
}

}  // namespace

int main(int /*argc*/, char** argv) {
  // Spinning OpenMP threads make two threads ten times slower once anything else wants a core, and
  // OpenBLAS's own threads would fight with torch's.
  setenv("OMP_WAIT_POLICY", "PASSIVE", 0);
  setenv("OPENBLAS_NUM_THREADS", "1", 0);
  std::error_code error;
  const fs::path own = fs::read_symlink("/proc/self/exe", error);
  if (error) {  // never a program of the folder one happens to be in
    std::fprintf(stderr, "dawson: /proc/self/exe: cannot be read; dawson needs /proc\n");
    return defect;
  }
  const fs::path here = own.parent_path();
  become(here / "libexec" / "dawson", argv);                // in the folder it was built in
  become(here.parent_path() / "libexec" / "dawson", argv);  // installed
  const std::string place = (here.parent_path() / "libexec" / "dawson").string();
  std::fprintf(stderr, "dawson: %s: cannot be started; install dawson again\n", place.c_str());
  return defect;
}
