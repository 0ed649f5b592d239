/* As much of NVIDIA's driver as device_driver.cpp asks of it, for one GPU with a context that must
   be opened and closed again: a GTX 1650 with 3 GiB left. */
#include <stddef.h>
#include <string.h>

static int initialised, retained, pushed;

int cuInit(unsigned flags) {
  initialised = 1;
  return flags == 0 ? 0 : 1;
}
int cuDeviceGet(int* device, int ordinal) {
  if (!initialised) return 3;
  *device = 40 + ordinal; /* a handle is not an ordinal */
  return ordinal == 0 ? 0 : 101;
}
int cuDeviceGetName(char* name, int length, int device) {
  if (device != 40) return 101;
  strncpy(name, "NVIDIA GeForce GTX 1650", (size_t)length);
  return 0;
}
int cuDeviceGetAttribute(int* value, int attribute, int device) {
  if (device != 40) return 101;
  *value = attribute == 75 ? 7 : attribute == 76 ? 5 : -1;
  return 0;
}
int cuDevicePrimaryCtxRetain(void** context, int device) {
  *context = &retained;
  retained += device == 40;
  return device == 40 ? 0 : 101;
}
int cuCtxPushCurrent_v2(void* context) {
  pushed += context == &retained;
  return context == &retained ? 0 : 201;
}
int cuMemGetInfo_v2(size_t* free, size_t* total) {
  if (retained == 0 || pushed == 0) return 201;
  *free = (size_t)3 << 30;
  *total = (size_t)4 << 30;
  return 0;
}
int cuCtxPopCurrent_v2(void** context) {
  *context = &retained;
  return pushed-- > 0 ? 0 : 201;
}
int cuDevicePrimaryCtxRelease_v2(int device) { return device == 40 && retained-- > 0 ? 0 : 201; }
int contexts_left_open(void) { return retained + pushed; }
