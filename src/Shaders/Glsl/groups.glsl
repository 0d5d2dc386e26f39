// Sums and maxima over a workgroup, of any number of subgroups of any size. All invocations of the workgroup call them.
#extension GL_KHR_shader_subgroup_basic : require
#extension GL_KHR_shader_subgroup_arithmetic : require

shared float group_scratch[64];

float group_sum(float x) {
    x = subgroupAdd(x);
    if (gl_NumSubgroups == 1) return x;
    barrier();
    if (subgroupElect()) group_scratch[gl_SubgroupID] = x;
    barrier();
    float sum = 0;
    for (uint i = 0; i < gl_NumSubgroups; i++) sum += group_scratch[i];
    return sum;
}

float group_max(float x) {
    x = subgroupMax(x);
    if (gl_NumSubgroups == 1) return x;
    barrier();
    if (subgroupElect()) group_scratch[gl_SubgroupID] = x;
    barrier();
    float largest = group_scratch[0];
    for (uint i = 1; i < gl_NumSubgroups; i++) largest = max(largest, group_scratch[i]);
    return largest;
}
