CREATE TABLE api_key (
    oid INTEGER NOT NULL,
    lookup BLOB NOT NULL,
    user_oid BIGINT NOT NULL,
    display_name TEXT NOT NULL,
    grant_name TEXT NOT NULL,
    hint TEXT NOT NULL,
    created_at TEXT NOT NULL,
    created_by BIGINT,
    last_reset_at TEXT,
    last_used_at TEXT,
    last_used_address TEXT,
    last_used_client TEXT,
    refused_count BIGINT DEFAULT '0' NOT NULL,
    expires_at TEXT,
    suspended_at TEXT,
    deleted_at TEXT,
    limits TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE UNIQUE INDEX ix_api_key_lookup ON api_key (lookup);
CREATE INDEX ix_api_key_user_oid ON api_key (user_oid);
CREATE TABLE app (
    oid INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    creationdate TEXT NOT NULL,
    versionid BIGINT NOT NULL,
    description TEXT,
    htmlsource TEXT,
    isdisabled BOOLEAN,
    isiterationfiltered BOOLEAN,
    ismilestonefiltered BOOLEAN,
    isreleasefiltered BOOLEAN,
    name TEXT,
    previewimageurl TEXT,
    usages BIGINT,
    workspace_oid BIGINT,
    project_oid BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_app_project_oid ON app (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_app_uuid ON app (uuid);
CREATE TABLE artifact (
    oid INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    creationdate TEXT NOT NULL,
    versionid BIGINT NOT NULL,
    concrete_type TEXT NOT NULL,
    workspace_oid BIGINT,
    aiassisted BOOLEAN,
    createdby_oid BIGINT,
    description TEXT,
    displaycolor TEXT,
    expedite BOOLEAN,
    formattedid TEXT,
    formattedidid BIGINT,
    formattedidprefix TEXT,
    lastupdatedate TEXT,
    latestdiscussionageinminutes BIGINT,
    name TEXT,
    notes TEXT,
    owner_oid BIGINT,
    project_oid BIGINT,
    ready BOOLEAN,
    revisionhistory_oid BIGINT,
    draganddroprank TEXT,
    defectstatus TEXT,
    lastbuild TEXT,
    lastresult_oid BIGINT,
    lastrun TEXT,
    lastverdict TEXT,
    method TEXT,
    objective TEXT,
    package TEXT,
    postconditions TEXT,
    preconditions TEXT,
    priority TEXT,
    recycled BOOLEAN,
    risk TEXT,
    testcase_oid BIGINT,
    testfolder_oid BIGINT,
    testset_oid BIGINT,
    type TEXT,
    validationexpectedresult TEXT,
    validationinput TEXT,
    workproduct_oid BIGINT,
    actuals DOUBLE,
    blocked BOOLEAN,
    blockedreason TEXT,
    estimate DOUBLE,
    iteration_oid BIGINT,
    release_oid BIGINT,
    state TEXT,
    taskindex BIGINT,
    timespent DOUBLE,
    todo DOUBLE,
    acceptedleafstorycount BIGINT,
    acceptedleafstoryplanestimatetotal DOUBLE,
    externalurl TEXT,
    leafstorycount BIGINT,
    leafstoryplanestimatetotal DOUBLE,
    percentdonebystorycount DOUBLE,
    percentdonebystoryplanestimate DOUBLE,
    portfolioitem_oid BIGINT,
    source TEXT,
    accepteddefectcountrollup BIGINT,
    accepteddefectestimatetotalrollup DOUBLE,
    acceptedtotalcountrollup BIGINT,
    acceptedtotalestimaterollup DOUBLE,
    actualenddate TEXT,
    actualstartdate TEXT,
    aicachereadtokens BIGINT,
    aicachewritetokens BIGINT,
    aiinputtokens BIGINT,
    aioutputtokens BIGINT,
    aitokentotaluse BIGINT,
    aitokenusagebymodel TEXT,
    aiusageeventcount BIGINT,
    aiusageeventcountbymodel TEXT,
    archived BOOLEAN,
    blocker_oid BIGINT,
    capitalapproval TEXT,
    childstorypredecessornotscheduled BOOLEAN,
    childstorypredecessorscheduledinsameorlateriteration BOOLEAN,
    defectcountrollup BIGINT,
    defectplanestimatetotalrollup DOUBLE,
    directchildrencount BIGINT,
    estimatedprogressbystorycount DOUBLE,
    estimatedprogressbystorypoints DOUBLE,
    investmentcategory TEXT,
    jobsize BIGINT,
    lastrollupdate TEXT,
    percentdonebydefectcountrollup DOUBLE,
    percentdonebydefectestimaterollup DOUBLE,
    percentdonebytotalcountrollup DOUBLE,
    percentdonebytotalestimaterollup DOUBLE,
    plannedenddate TEXT,
    plannedstartdate TEXT,
    portfolioitemflowstate_oid BIGINT,
    portfolioitemtype_oid BIGINT,
    portfolioitemtypename TEXT,
    preliminaryestimate_oid BIGINT,
    preliminaryestimatecountvalue BIGINT,
    preliminaryestimatevalue BIGINT,
    refinedestimate BIGINT,
    refinedestimatecount BIGINT,
    releasevalue TEXT,
    riskscore BIGINT,
    rroevalue BIGINT,
    state_oid BIGINT,
    statechangeddate TEXT,
    timecriticality BIGINT,
    totalcountrollup BIGINT,
    totalestimaterollup DOUBLE,
    unestimateddefectcountrollup BIGINT,
    unestimatedleafstorycount BIGINT,
    unestimatedtotalcountrollup BIGINT,
    userbusinessvalue BIGINT,
    valuescore BIGINT,
    wsjfscore DOUBLE,
    accepteddate TEXT,
    financialworktype TEXT,
    flowstate_oid BIGINT,
    flowstatechangeddate TEXT,
    iterationvalue TEXT,
    lastrun_date TEXT,
    passingtestcasecount BIGINT,
    planestimate DOUBLE,
    schedulestate TEXT,
    schedulestateprefix TEXT,
    taskactualtotal DOUBLE,
    taskestimatetotal DOUBLE,
    taskremainingtotal DOUBLE,
    testcasecount BIGINT,
    affectsdoc BOOLEAN,
    closeddate TEXT,
    environment TEXT,
    fixedinbuild TEXT,
    foundinbuild TEXT,
    inprogressdate TEXT,
    openeddate TEXT,
    releasenote BOOLEAN,
    requirement_oid BIGINT,
    resolution TEXT,
    salesforcecaseid TEXT,
    salesforcecasenumber TEXT,
    severity TEXT,
    submittedby_oid BIGINT,
    targetbuild TEXT,
    targetdate TEXT,
    taskstatus TEXT,
    testcaseresult_oid BIGINT,
    testcasestatus TEXT,
    verifiedinbuild TEXT,
    closeddefectcount BIGINT,
    totaldefectcount BIGINT,
    latechildcount BIGINT,
    parent_oid BIGINT,
    calculatedrisk BIGINT,
    exposure DOUBLE,
    impact TEXT,
    probability TEXT,
    response TEXT,
    sizeofloss BIGINT,
    directpassingtestcasecount BIGINT,
    hasparent BOOLEAN,
    predecessornotscheduled BOOLEAN,
    predecessorscheduledinsameorlateriteration BOOLEAN,
    totaldirecttestcasecount BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_artifact_blocker_oid ON artifact (blocker_oid) WHERE blocker_oid IS NOT NULL;
CREATE INDEX ix_artifact_createdby_oid ON artifact (createdby_oid) WHERE createdby_oid IS NOT NULL;
CREATE INDEX ix_artifact_draganddroprank ON artifact (concrete_type, draganddroprank);
CREATE INDEX ix_artifact_flowstate_oid ON artifact (flowstate_oid) WHERE flowstate_oid IS NOT NULL;
CREATE INDEX ix_artifact_formattedidid ON artifact (concrete_type, formattedidid);
CREATE INDEX ix_artifact_iteration_oid ON artifact (iteration_oid) WHERE iteration_oid IS NOT NULL;
CREATE INDEX ix_artifact_lastresult_oid ON artifact (lastresult_oid) WHERE lastresult_oid IS NOT NULL;
CREATE INDEX ix_artifact_lastupdatedate ON artifact (concrete_type, lastupdatedate);
CREATE INDEX ix_artifact_name ON artifact (concrete_type, name);
CREATE INDEX ix_artifact_owner_oid ON artifact (owner_oid) WHERE owner_oid IS NOT NULL;
CREATE INDEX ix_artifact_parent_oid ON artifact (parent_oid) WHERE parent_oid IS NOT NULL;
CREATE INDEX ix_artifact_portfolioitem_oid ON artifact (portfolioitem_oid) WHERE portfolioitem_oid IS NOT NULL;
CREATE INDEX ix_artifact_portfolioitemflowstate_oid ON artifact (portfolioitemflowstate_oid) WHERE portfolioitemflowstate_oid IS NOT NULL;
CREATE INDEX ix_artifact_portfolioitemtype_oid ON artifact (portfolioitemtype_oid) WHERE portfolioitemtype_oid IS NOT NULL;
CREATE INDEX ix_artifact_preliminaryestimate_oid ON artifact (preliminaryestimate_oid) WHERE preliminaryestimate_oid IS NOT NULL;
CREATE INDEX ix_artifact_project_oid ON artifact (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_artifact_release_oid ON artifact (release_oid) WHERE release_oid IS NOT NULL;
CREATE INDEX ix_artifact_requirement_oid ON artifact (requirement_oid) WHERE requirement_oid IS NOT NULL;
CREATE INDEX ix_artifact_revisionhistory_oid ON artifact (revisionhistory_oid) WHERE revisionhistory_oid IS NOT NULL;
CREATE INDEX ix_artifact_schedulestate ON artifact (concrete_type, schedulestate);
CREATE INDEX ix_artifact_severity ON artifact (concrete_type, severity);
CREATE INDEX ix_artifact_state ON artifact (concrete_type, state);
CREATE INDEX ix_artifact_state_oid ON artifact (state_oid) WHERE state_oid IS NOT NULL;
CREATE INDEX ix_artifact_submittedby_oid ON artifact (submittedby_oid) WHERE submittedby_oid IS NOT NULL;
CREATE INDEX ix_artifact_testcase_oid ON artifact (testcase_oid) WHERE testcase_oid IS NOT NULL;
CREATE INDEX ix_artifact_testcaseresult_oid ON artifact (testcaseresult_oid) WHERE testcaseresult_oid IS NOT NULL;
CREATE INDEX ix_artifact_testfolder_oid ON artifact (testfolder_oid) WHERE testfolder_oid IS NOT NULL;
CREATE INDEX ix_artifact_testset_oid ON artifact (testset_oid) WHERE testset_oid IS NOT NULL;
CREATE INDEX ix_artifact_uuid ON artifact (uuid);
CREATE INDEX ix_artifact_workproduct_oid ON artifact (workproduct_oid) WHERE workproduct_oid IS NOT NULL;
CREATE TABLE artifactnotification (
    oid INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    creationdate TEXT NOT NULL,
    versionid BIGINT NOT NULL,
    workspace_oid BIGINT,
    classname TEXT,
    description TEXT,
    id BIGINT,
    idprefix TEXT,
    idsuffix TEXT,
    name TEXT,
    project_oid BIGINT,
    subjectoid BIGINT,
    user_oid BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_artifactnotification_project_oid ON artifactnotification (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_artifactnotification_user_oid ON artifactnotification (user_oid) WHERE user_oid IS NOT NULL;
CREATE INDEX ix_artifactnotification_uuid ON artifactnotification (uuid);
CREATE TABLE attachment (
    oid INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    creationdate TEXT NOT NULL,
    versionid BIGINT NOT NULL,
    workspace_oid BIGINT,
    artifact_oid BIGINT,
    compressed BOOLEAN,
    content_oid BIGINT,
    contenttype TEXT,
    description TEXT,
    name TEXT,
    size BIGINT,
    testcaseresult_oid BIGINT,
    user_oid BIGINT,
    project_oid BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_attachment_artifact_oid ON attachment (artifact_oid) WHERE artifact_oid IS NOT NULL;
CREATE INDEX ix_attachment_content_oid ON attachment (content_oid) WHERE content_oid IS NOT NULL;
CREATE INDEX ix_attachment_project_oid ON attachment (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_attachment_testcaseresult_oid ON attachment (testcaseresult_oid) WHERE testcaseresult_oid IS NOT NULL;
CREATE INDEX ix_attachment_user_oid ON attachment (user_oid) WHERE user_oid IS NOT NULL;
CREATE INDEX ix_attachment_uuid ON attachment (uuid);
CREATE TABLE attachmentcontent (
    oid INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    creationdate TEXT NOT NULL,
    versionid BIGINT NOT NULL,
    workspace_oid BIGINT,
    content BLOB,
    project_oid BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_attachmentcontent_project_oid ON attachmentcontent (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_attachmentcontent_uuid ON attachmentcontent (uuid);
CREATE TABLE basekanbanstate (
    oid INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    creationdate TEXT NOT NULL,
    versionid BIGINT NOT NULL,
    concrete_type TEXT NOT NULL,
    workspace_oid BIGINT,
    enabled BOOLEAN,
    name TEXT,
    orderindex BIGINT,
    revisionhistory_oid BIGINT,
    typedef_oid BIGINT,
    wiplimit BIGINT,
    agethreshold BIGINT,
    exitpolicy TEXT,
    parentstatemapping_oid BIGINT,
    project_oid BIGINT,
    restrictions TEXT,
    acceptedmarker BOOLEAN,
    description TEXT,
    inprogressmarker BOOLEAN,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_basekanbanstate_parentstatemapping_oid ON basekanbanstate (parentstatemapping_oid) WHERE parentstatemapping_oid IS NOT NULL;
CREATE INDEX ix_basekanbanstate_project_oid ON basekanbanstate (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_basekanbanstate_revisionhistory_oid ON basekanbanstate (revisionhistory_oid) WHERE revisionhistory_oid IS NOT NULL;
CREATE INDEX ix_basekanbanstate_typedef_oid ON basekanbanstate (typedef_oid) WHERE typedef_oid IS NOT NULL;
CREATE INDEX ix_basekanbanstate_uuid ON basekanbanstate (uuid);
CREATE TABLE blocker (
    oid INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    creationdate TEXT NOT NULL,
    versionid BIGINT NOT NULL,
    blockedby_oid BIGINT,
    workproduct_oid BIGINT,
    workspace_oid BIGINT,
    project_oid BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_blocker_blockedby_oid ON blocker (blockedby_oid) WHERE blockedby_oid IS NOT NULL;
CREATE INDEX ix_blocker_project_oid ON blocker (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_blocker_uuid ON blocker (uuid);
CREATE INDEX ix_blocker_workproduct_oid ON blocker (workproduct_oid) WHERE workproduct_oid IS NOT NULL;
CREATE TABLE build (
    oid INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    creationdate TEXT NOT NULL,
    versionid BIGINT NOT NULL,
    workspace_oid BIGINT,
    builddefinition_oid BIGINT,
    duration DOUBLE,
    message TEXT,
    number TEXT,
    start TEXT,
    status TEXT,
    uri TEXT,
    project_oid BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_build_builddefinition_oid ON build (builddefinition_oid) WHERE builddefinition_oid IS NOT NULL;
CREATE INDEX ix_build_project_oid ON build (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_build_uuid ON build (uuid);
CREATE TABLE builddefinition (
    oid INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    creationdate TEXT NOT NULL,
    versionid BIGINT NOT NULL,
    workspace_oid BIGINT,
    description TEXT,
    lastbuild_oid BIGINT,
    laststatus TEXT,
    name TEXT,
    project_oid BIGINT,
    uri TEXT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_builddefinition_lastbuild_oid ON builddefinition (lastbuild_oid) WHERE lastbuild_oid IS NOT NULL;
CREATE INDEX ix_builddefinition_project_oid ON builddefinition (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_builddefinition_uuid ON builddefinition (uuid);
CREATE TABLE buildmetric (
    oid INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    creationdate TEXT NOT NULL,
    versionid BIGINT NOT NULL,
    workspace_oid BIGINT,
    project_oid BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_buildmetric_project_oid ON buildmetric (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_buildmetric_uuid ON buildmetric (uuid);
CREATE TABLE buildmetricdefinition (
    oid INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    creationdate TEXT NOT NULL,
    versionid BIGINT NOT NULL,
    workspace_oid BIGINT,
    project_oid BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_buildmetricdefinition_project_oid ON buildmetricdefinition (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_buildmetricdefinition_uuid ON buildmetricdefinition (uuid);
CREATE TABLE capacityplan (
    oid INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    creationdate TEXT NOT NULL,
    versionid BIGINT NOT NULL,
    concrete_type TEXT NOT NULL,
    workspace_oid BIGINT,
    associatedprojectnames TEXT,
    capacityplanstatus TEXT,
    createdby_oid BIGINT,
    cutlineposition BIGINT,
    endrelease_oid BIGINT,
    estimationtype TEXT,
    finalizedate TEXT,
    formattedid TEXT,
    hierarchytype TEXT,
    itemtypedef_oid BIGINT,
    lastupdatedate TEXT,
    legacyid TEXT,
    name TEXT,
    parentcapacityplan_oid BIGINT,
    planprojectsconformity TEXT,
    project_oid BIGINT,
    projectmode TEXT,
    publishdate TEXT,
    publishedby_oid BIGINT,
    recycled BOOLEAN,
    startrelease_oid BIGINT,
    targetproject_oid BIGINT,
    targetrelease_oid BIGINT,
    workingcapacityplan_oid BIGINT,
    publishedcapacityplan_oid BIGINT,
    revisionhistory_oid BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_capacityplan_createdby_oid ON capacityplan (createdby_oid) WHERE createdby_oid IS NOT NULL;
CREATE INDEX ix_capacityplan_endrelease_oid ON capacityplan (endrelease_oid) WHERE endrelease_oid IS NOT NULL;
CREATE INDEX ix_capacityplan_itemtypedef_oid ON capacityplan (itemtypedef_oid) WHERE itemtypedef_oid IS NOT NULL;
CREATE INDEX ix_capacityplan_parentcapacityplan_oid ON capacityplan (parentcapacityplan_oid) WHERE parentcapacityplan_oid IS NOT NULL;
CREATE INDEX ix_capacityplan_project_oid ON capacityplan (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_capacityplan_publishedby_oid ON capacityplan (publishedby_oid) WHERE publishedby_oid IS NOT NULL;
CREATE INDEX ix_capacityplan_publishedcapacityplan_oid ON capacityplan (publishedcapacityplan_oid) WHERE publishedcapacityplan_oid IS NOT NULL;
CREATE INDEX ix_capacityplan_revisionhistory_oid ON capacityplan (revisionhistory_oid) WHERE revisionhistory_oid IS NOT NULL;
CREATE INDEX ix_capacityplan_startrelease_oid ON capacityplan (startrelease_oid) WHERE startrelease_oid IS NOT NULL;
CREATE INDEX ix_capacityplan_targetproject_oid ON capacityplan (targetproject_oid) WHERE targetproject_oid IS NOT NULL;
CREATE INDEX ix_capacityplan_targetrelease_oid ON capacityplan (targetrelease_oid) WHERE targetrelease_oid IS NOT NULL;
CREATE INDEX ix_capacityplan_uuid ON capacityplan (uuid);
CREATE INDEX ix_capacityplan_workingcapacityplan_oid ON capacityplan (workingcapacityplan_oid) WHERE workingcapacityplan_oid IS NOT NULL;
CREATE TABLE capacityplanassignment (
    oid INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    creationdate TEXT NOT NULL,
    versionid BIGINT NOT NULL,
    workspace_oid BIGINT,
    allocationcount BIGINT,
    allocationpoints BIGINT,
    capacityplanitem_oid BIGINT,
    capacityplanproject_oid BIGINT,
    deleted BOOLEAN,
    deletiondate TEXT,
    project_oid BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_capacityplanassignment_capacityplanitem_oid ON capacityplanassignment (capacityplanitem_oid) WHERE capacityplanitem_oid IS NOT NULL;
CREATE INDEX ix_capacityplanassignment_capacityplanproject_oid ON capacityplanassignment (capacityplanproject_oid) WHERE capacityplanproject_oid IS NOT NULL;
CREATE INDEX ix_capacityplanassignment_project_oid ON capacityplanassignment (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_capacityplanassignment_uuid ON capacityplanassignment (uuid);
CREATE TABLE capacityplanitem (
    oid INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    creationdate TEXT NOT NULL,
    versionid BIGINT NOT NULL,
    workspace_oid BIGINT,
    capacityplan_oid BIGINT,
    deleted BOOLEAN,
    deleteditemformattedid TEXT,
    deleteditemname TEXT,
    deletiondate TEXT,
    draganddroprank TEXT,
    portfolioitem_oid BIGINT,
    rank DOUBLE,
    project_oid BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_capacityplanitem_capacityplan_oid ON capacityplanitem (capacityplan_oid) WHERE capacityplan_oid IS NOT NULL;
CREATE INDEX ix_capacityplanitem_portfolioitem_oid ON capacityplanitem (portfolioitem_oid) WHERE portfolioitem_oid IS NOT NULL;
CREATE INDEX ix_capacityplanitem_project_oid ON capacityplanitem (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_capacityplanitem_uuid ON capacityplanitem (uuid);
CREATE TABLE capacityplanproject (
    oid INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    creationdate TEXT NOT NULL,
    versionid BIGINT NOT NULL,
    workspace_oid BIGINT,
    capacityplan_oid BIGINT,
    plannedcapacitycount BIGINT,
    plannedcapacitypoints BIGINT,
    project_oid BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_capacityplanproject_capacityplan_oid ON capacityplanproject (capacityplan_oid) WHERE capacityplan_oid IS NOT NULL;
CREATE INDEX ix_capacityplanproject_project_oid ON capacityplanproject (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_capacityplanproject_uuid ON capacityplanproject (uuid);
CREATE TABLE change (
    oid INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    creationdate TEXT NOT NULL,
    versionid BIGINT NOT NULL,
    workspace_oid BIGINT,
    action TEXT,
    base TEXT,
    changeset_oid BIGINT,
    extension TEXT,
    pathandfilename TEXT,
    uri TEXT,
    project_oid BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_change_changeset_oid ON change (changeset_oid) WHERE changeset_oid IS NOT NULL;
CREATE INDEX ix_change_project_oid ON change (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_change_uuid ON change (uuid);
CREATE TABLE changeset (
    oid INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    creationdate TEXT NOT NULL,
    versionid BIGINT NOT NULL,
    workspace_oid BIGINT,
    author_oid BIGINT,
    branch TEXT,
    buildsdata TEXT,
    changesdata TEXT,
    committimestamp TEXT,
    message TEXT,
    name TEXT,
    revision TEXT,
    scmrepository_oid BIGINT,
    uri TEXT,
    project_oid BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_changeset_author_oid ON changeset (author_oid) WHERE author_oid IS NOT NULL;
CREATE INDEX ix_changeset_project_oid ON changeset (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_changeset_revision ON changeset (revision);
CREATE INDEX ix_changeset_scmrepository_oid ON changeset (scmrepository_oid) WHERE scmrepository_oid IS NOT NULL;
CREATE INDEX ix_changeset_uuid ON changeset (uuid);
CREATE TABLE connectallintegration (
    oid INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    creationdate TEXT NOT NULL,
    versionid BIGINT NOT NULL,
    workspace_oid BIGINT,
    active BOOLEAN,
    createdby_oid BIGINT,
    frequency TEXT,
    lastupdatedate TEXT,
    name TEXT,
    project_oid BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_connectallintegration_createdby_oid ON connectallintegration (createdby_oid) WHERE createdby_oid IS NOT NULL;
CREATE INDEX ix_connectallintegration_project_oid ON connectallintegration (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_connectallintegration_uuid ON connectallintegration (uuid);
CREATE TABLE connection (
    oid INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    creationdate TEXT NOT NULL,
    versionid BIGINT NOT NULL,
    concrete_type TEXT NOT NULL,
    workspace_oid BIGINT,
    description TEXT,
    name TEXT,
    typedefinition_oid BIGINT,
    url TEXT,
    workspaceconfig_oid BIGINT,
    artifact_oid BIGINT,
    externalformattedid TEXT,
    externalid TEXT,
    project_oid BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_connection_artifact_oid ON connection (artifact_oid) WHERE artifact_oid IS NOT NULL;
CREATE INDEX ix_connection_project_oid ON connection (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_connection_typedefinition_oid ON connection (typedefinition_oid) WHERE typedefinition_oid IS NOT NULL;
CREATE INDEX ix_connection_uuid ON connection (uuid);
CREATE INDEX ix_connection_workspaceconfig_oid ON connection (workspaceconfig_oid) WHERE workspaceconfig_oid IS NOT NULL;
CREATE TABLE conversationpost (
    oid INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    creationdate TEXT NOT NULL,
    versionid BIGINT NOT NULL,
    workspace_oid BIGINT,
    artifact_oid BIGINT,
    lastupdatedate TEXT,
    postnumber BIGINT,
    text TEXT,
    user_oid BIGINT,
    project_oid BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_conversationpost_artifact_oid ON conversationpost (artifact_oid) WHERE artifact_oid IS NOT NULL;
CREATE INDEX ix_conversationpost_project_oid ON conversationpost (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_conversationpost_user_oid ON conversationpost (user_oid) WHERE user_oid IS NOT NULL;
CREATE INDEX ix_conversationpost_uuid ON conversationpost (uuid);
CREATE TABLE counter (
    scope BIGINT NOT NULL,
    name TEXT NOT NULL,
    value BIGINT NOT NULL,
    PRIMARY KEY (scope, name)
)
 WITHOUT ROWID;
CREATE TABLE cumulativeflowdata (
    oid INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    creationdate TEXT NOT NULL,
    versionid BIGINT NOT NULL,
    concrete_type TEXT NOT NULL,
    workspace_oid BIGINT,
    cardcount BIGINT,
    cardestimatetotal DOUBLE,
    cardstate TEXT,
    cardtodototal DOUBLE,
    taskestimatetotal DOUBLE,
    iterationobjectid BIGINT,
    releaseobjectid BIGINT,
    project_oid BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_cumulativeflowdata_project_oid ON cumulativeflowdata (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_cumulativeflowdata_uuid ON cumulativeflowdata (uuid);
CREATE TABLE custom_attribute (
    oid INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    workspace_oid BIGINT NOT NULL,
    elementname TEXT,
    name TEXT,
    typepath TEXT,
    realattributetype TEXT,
    maxlength BIGINT,
    required BOOLEAN,
    hidden BOOLEAN,
    note TEXT,
    allowed_values TEXT,
    default_value TEXT,
    link_url TEXT,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_custom_attribute_workspace_oid ON custom_attribute (workspace_oid);
CREATE TABLE custom_type (
    oid INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    workspace_oid BIGINT NOT NULL,
    typepath TEXT,
    name TEXT,
    idprefix TEXT,
    ordinal BIGINT,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_custom_type_workspace_oid ON custom_type (workspace_oid);
CREATE TABLE dashboard (
    oid INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    creationdate TEXT NOT NULL,
    versionid BIGINT NOT NULL,
    name TEXT,
    profile_oid BIGINT,
    timeboxfilter TEXT,
    workspace_oid BIGINT,
    project_oid BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_dashboard_profile_oid ON dashboard (profile_oid) WHERE profile_oid IS NOT NULL;
CREATE INDEX ix_dashboard_project_oid ON dashboard (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_dashboard_uuid ON dashboard (uuid);
CREATE TABLE datamoverequest (
    oid INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    creationdate TEXT NOT NULL,
    versionid BIGINT NOT NULL,
    destinationsubscription_oid BIGINT,
    destinationsubscriptionzuulid TEXT,
    isdryrun BOOLEAN,
    requestinguser_oid BIGINT,
    sourcesubscriptionzuulid TEXT,
    state TEXT,
    workspace_oid BIGINT,
    workspaceoids TEXT,
    project_oid BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_datamoverequest_destinationsubscription_oid ON datamoverequest (destinationsubscription_oid) WHERE destinationsubscription_oid IS NOT NULL;
CREATE INDEX ix_datamoverequest_project_oid ON datamoverequest (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_datamoverequest_requestinguser_oid ON datamoverequest (requestinguser_oid) WHERE requestinguser_oid IS NOT NULL;
CREATE INDEX ix_datamoverequest_uuid ON datamoverequest (uuid);
CREATE TABLE directory (
    oid INTEGER NOT NULL,
    type TEXT NOT NULL,
    uuid TEXT NOT NULL,
    name TEXT,
    workspace_oid BIGINT,
    project_oid BIGINT,
    PRIMARY KEY (oid)
);
CREATE UNIQUE INDEX ix_directory_uuid ON directory (uuid);
CREATE TABLE epoch (
    name TEXT NOT NULL,
    value BIGINT NOT NULL,
    PRIMARY KEY (name)
)
 WITHOUT ROWID;
CREATE TABLE event (
    seq INTEGER NOT NULL,
    at TEXT NOT NULL,
    kind TEXT NOT NULL,
    oid BIGINT NOT NULL,
    type TEXT NOT NULL,
    version BIGINT NOT NULL,
    workspace_oid BIGINT,
    project_oid BIGINT,
    user_oid BIGINT,
    credential TEXT,
    client TEXT,
    address TEXT,
    diff TEXT NOT NULL,
    PRIMARY KEY (seq)
);
CREATE INDEX ix_event_oid ON event (oid);
CREATE TABLE expertise (
    oid INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    creationdate TEXT NOT NULL,
    versionid BIGINT NOT NULL,
    workspace_oid BIGINT,
    name TEXT,
    project_oid BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_expertise_project_oid ON expertise (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_expertise_uuid ON expertise (uuid);
CREATE TABLE expertisecapacity (
    oid INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    creationdate TEXT NOT NULL,
    versionid BIGINT NOT NULL,
    workspace_oid BIGINT,
    amount BIGINT,
    name TEXT,
    project_oid BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_expertisecapacity_project_oid ON expertisecapacity (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_expertisecapacity_uuid ON expertisecapacity (uuid);
CREATE TABLE expertisedemand (
    oid INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    creationdate TEXT NOT NULL,
    versionid BIGINT NOT NULL,
    workspace_oid BIGINT,
    amount BIGINT,
    name TEXT,
    portfolioitem_oid BIGINT,
    project_oid BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_expertisedemand_portfolioitem_oid ON expertisedemand (portfolioitem_oid) WHERE portfolioitem_oid IS NOT NULL;
CREATE INDEX ix_expertisedemand_project_oid ON expertisedemand (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_expertisedemand_uuid ON expertisedemand (uuid);
CREATE TABLE externalsystemcredential (
    oid INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    creationdate TEXT NOT NULL,
    versionid BIGINT NOT NULL,
    createdby_oid BIGINT,
    credential TEXT,
    lastupdatedate TEXT,
    name TEXT,
    uri TEXT,
    username TEXT,
    workspace_oid BIGINT,
    project_oid BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_externalsystemcredential_createdby_oid ON externalsystemcredential (createdby_oid) WHERE createdby_oid IS NOT NULL;
CREATE INDEX ix_externalsystemcredential_project_oid ON externalsystemcredential (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_externalsystemcredential_uuid ON externalsystemcredential (uuid);
CREATE TABLE featuretoggleentity (
    oid INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    creationdate TEXT NOT NULL,
    versionid BIGINT NOT NULL,
    dateenabled TEXT,
    labenabledforsubscription BOOLEAN,
    name TEXT,
    toggledonby TEXT,
    useroid BIGINT,
    value BOOLEAN,
    workspace_oid BIGINT,
    project_oid BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_featuretoggleentity_project_oid ON featuretoggleentity (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_featuretoggleentity_uuid ON featuretoggleentity (uuid);
CREATE TABLE flowstate (
    oid INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    creationdate TEXT NOT NULL,
    versionid BIGINT NOT NULL,
    workspace_oid BIGINT,
    agethreshold BIGINT,
    exitpolicy TEXT,
    name TEXT,
    nonvalueadd BOOLEAN,
    orderindex BIGINT,
    project_oid BIGINT,
    revisionhistory_oid BIGINT,
    schedulestatemapping TEXT,
    wiplimit BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_flowstate_project_oid ON flowstate (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_flowstate_revisionhistory_oid ON flowstate (revisionhistory_oid) WHERE revisionhistory_oid IS NOT NULL;
CREATE INDEX ix_flowstate_uuid ON flowstate (uuid);
CREATE TABLE hierarchicalrequirementpredecessorrelationship (
    oid INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    creationdate TEXT NOT NULL,
    versionid BIGINT NOT NULL,
    workspace_oid BIGINT,
    predecessor_oid BIGINT,
    successor_oid BIGINT,
    project_oid BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_hierarchicalrequirementpredecessorrelationship_pred_5a317c42 ON hierarchicalrequirementpredecessorrelationship (predecessor_oid) WHERE predecessor_oid IS NOT NULL;
CREATE INDEX ix_hierarchicalrequirementpredecessorrelationship_project_oid ON hierarchicalrequirementpredecessorrelationship (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_hierarchicalrequirementpredecessorrelationship_successor_oid ON hierarchicalrequirementpredecessorrelationship (successor_oid) WHERE successor_oid IS NOT NULL;
CREATE INDEX ix_hierarchicalrequirementpredecessorrelationship_uuid ON hierarchicalrequirementpredecessorrelationship (uuid);
CREATE TABLE iteration (
    oid INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    creationdate TEXT NOT NULL,
    versionid BIGINT NOT NULL,
    workspace_oid BIGINT,
    cascadedtochildren BOOLEAN,
    childrenplannedvelocity DOUBLE,
    coloraggregation TEXT,
    enddate TEXT,
    lastupdatedate TEXT,
    name TEXT,
    notes TEXT,
    planestimate DOUBLE,
    plannedvelocity DOUBLE,
    project_oid BIGINT,
    revisionhistory_oid BIGINT,
    startdate TEXT,
    state TEXT,
    syncedwithparent BOOLEAN,
    taskactualtotal DOUBLE,
    taskestimatetotal DOUBLE,
    taskremainingtotal DOUBLE,
    theme TEXT,
    unplannedworkitemcount BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_iteration_project_oid ON iteration (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_iteration_revisionhistory_oid ON iteration (revisionhistory_oid) WHERE revisionhistory_oid IS NOT NULL;
CREATE INDEX ix_iteration_uuid ON iteration (uuid);
CREATE TABLE keymanagementservice (
    oid INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    creationdate TEXT NOT NULL,
    versionid BIGINT NOT NULL,
    createdby_oid BIGINT,
    description TEXT,
    enabled BOOLEAN,
    lastupdatedate TEXT,
    name TEXT,
    "primary" BOOLEAN,
    urikms TEXT,
    urirole TEXT,
    workspace_oid BIGINT,
    project_oid BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_keymanagementservice_createdby_oid ON keymanagementservice (createdby_oid) WHERE createdby_oid IS NOT NULL;
CREATE INDEX ix_keymanagementservice_project_oid ON keymanagementservice (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_keymanagementservice_uuid ON keymanagementservice (uuid);
CREATE TABLE keyresult (
    oid INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    creationdate TEXT NOT NULL,
    versionid BIGINT NOT NULL,
    workspace_oid BIGINT,
    draganddroprank TEXT,
    createdby_oid BIGINT,
    description TEXT,
    displaycolor TEXT,
    formattedid TEXT,
    lastupdatedate TEXT,
    lastupdateddate TEXT,
    latestactualvalue_oid BIGINT,
    name TEXT,
    nextinterimtarget_oid BIGINT,
    objective_oid BIGINT,
    owner_oid BIGINT,
    percentagecomplete DOUBLE,
    revisionhistory_oid BIGINT,
    startingvalue DOUBLE,
    targetvalue DOUBLE,
    type TEXT,
    project_oid BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_keyresult_createdby_oid ON keyresult (createdby_oid) WHERE createdby_oid IS NOT NULL;
CREATE INDEX ix_keyresult_latestactualvalue_oid ON keyresult (latestactualvalue_oid) WHERE latestactualvalue_oid IS NOT NULL;
CREATE INDEX ix_keyresult_nextinterimtarget_oid ON keyresult (nextinterimtarget_oid) WHERE nextinterimtarget_oid IS NOT NULL;
CREATE INDEX ix_keyresult_objective_oid ON keyresult (objective_oid) WHERE objective_oid IS NOT NULL;
CREATE INDEX ix_keyresult_owner_oid ON keyresult (owner_oid) WHERE owner_oid IS NOT NULL;
CREATE INDEX ix_keyresult_project_oid ON keyresult (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_keyresult_revisionhistory_oid ON keyresult (revisionhistory_oid) WHERE revisionhistory_oid IS NOT NULL;
CREATE INDEX ix_keyresult_uuid ON keyresult (uuid);
CREATE TABLE keyresultdata (
    oid INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    creationdate TEXT NOT NULL,
    versionid BIGINT NOT NULL,
    concrete_type TEXT NOT NULL,
    workspace_oid BIGINT,
    keyresult_oid BIGINT,
    lastupdatedate TEXT,
    lastupdateddate TEXT,
    objective_oid BIGINT,
    value DOUBLE,
    valuedate TEXT,
    actualvalueprogress DOUBLE,
    interimtargetprogress DOUBLE,
    project_oid BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_keyresultdata_keyresult_oid ON keyresultdata (keyresult_oid) WHERE keyresult_oid IS NOT NULL;
CREATE INDEX ix_keyresultdata_objective_oid ON keyresultdata (objective_oid) WHERE objective_oid IS NOT NULL;
CREATE INDEX ix_keyresultdata_project_oid ON keyresultdata (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_keyresultdata_uuid ON keyresultdata (uuid);
CREATE TABLE ldapconfiguration (
    oid INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    creationdate TEXT NOT NULL,
    versionid BIGINT NOT NULL,
    admindn TEXT,
    adminpassword TEXT,
    basedn TEXT,
    displaynameattribute TEXT,
    emailattribute TEXT,
    enableusersync BOOLEAN,
    firstnameattribute TEXT,
    host TEXT,
    inactiveattribute TEXT,
    inactivevalue TEXT,
    lastnameattribute TEXT,
    ldapusernameattribute TEXT,
    port BIGINT,
    rallyusernameattribute TEXT,
    sslcert TEXT,
    subscriptionid BIGINT,
    userfilterquery TEXT,
    usessl BOOLEAN,
    workspace_oid BIGINT,
    project_oid BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_ldapconfiguration_project_oid ON ldapconfiguration (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_ldapconfiguration_uuid ON ldapconfiguration (uuid);
CREATE TABLE link (
    relation TEXT NOT NULL,
    left_oid BIGINT NOT NULL,
    right_oid BIGINT NOT NULL,
    PRIMARY KEY (relation, left_oid, right_oid)
)
 WITHOUT ROWID;
CREATE INDEX ix_link_left ON link (left_oid, relation);
CREATE INDEX ix_link_reverse ON link (relation, right_oid, left_oid);
CREATE INDEX ix_link_right ON link (right_oid, relation);
CREATE TABLE object_id_block (
    block INTEGER NOT NULL,
    workspace_oid BIGINT NOT NULL,
    PRIMARY KEY (block)
);
CREATE TABLE objective (
    oid INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    creationdate TEXT NOT NULL,
    versionid BIGINT NOT NULL,
    concrete_type TEXT NOT NULL,
    workspace_oid BIGINT,
    draganddroprank TEXT,
    acceptedleafstorycount BIGINT,
    acceptedleafstoryplanestimatetotal DOUBLE,
    createdby_oid BIGINT,
    description TEXT,
    displaycolor TEXT,
    formattedid TEXT,
    interimtargetdatetemplate TEXT,
    keyresultaverageprogress DOUBLE,
    lastupdatedate TEXT,
    lastupdateddate TEXT,
    latestdiscussionageinminutes BIGINT,
    leafstorycount BIGINT,
    leafstoryplanestimatetotal DOUBLE,
    name TEXT,
    nextinterimtargetaverageprogress DOUBLE,
    objectivetype_oid BIGINT,
    objectivetypename TEXT,
    owner_oid BIGINT,
    percentdonebystorycount DOUBLE,
    percentdonebystorypoints DOUBLE,
    revisionhistory_oid BIGINT,
    score DOUBLE,
    startdate TEXT,
    state_oid BIGINT,
    statechangeddate TEXT,
    targetdate TEXT,
    totalprojectcount BIGINT,
    project_oid BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_objective_createdby_oid ON objective (createdby_oid) WHERE createdby_oid IS NOT NULL;
CREATE INDEX ix_objective_objectivetype_oid ON objective (objectivetype_oid) WHERE objectivetype_oid IS NOT NULL;
CREATE INDEX ix_objective_owner_oid ON objective (owner_oid) WHERE owner_oid IS NOT NULL;
CREATE INDEX ix_objective_project_oid ON objective (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_objective_revisionhistory_oid ON objective (revisionhistory_oid) WHERE revisionhistory_oid IS NOT NULL;
CREATE INDEX ix_objective_state_oid ON objective (state_oid) WHERE state_oid IS NOT NULL;
CREATE INDEX ix_objective_uuid ON objective (uuid);
CREATE TABLE objectiveconversationpost (
    oid INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    creationdate TEXT NOT NULL,
    versionid BIGINT NOT NULL,
    workspace_oid BIGINT,
    objective_oid BIGINT,
    postnumber BIGINT,
    text TEXT,
    user_oid BIGINT,
    project_oid BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_objectiveconversationpost_objective_oid ON objectiveconversationpost (objective_oid) WHERE objective_oid IS NOT NULL;
CREATE INDEX ix_objectiveconversationpost_project_oid ON objectiveconversationpost (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_objectiveconversationpost_user_oid ON objectiveconversationpost (user_oid) WHERE user_oid IS NOT NULL;
CREATE INDEX ix_objectiveconversationpost_uuid ON objectiveconversationpost (uuid);
CREATE TABLE pageconfiguration (
    oid INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    creationdate TEXT NOT NULL,
    versionid BIGINT NOT NULL,
    workspace_oid BIGINT,
    config TEXT,
    createdby_oid BIGINT,
    description TEXT,
    lastupdatedate TEXT,
    name TEXT,
    owner_oid BIGINT,
    pageslug TEXT,
    revisionhistory_oid BIGINT,
    type TEXT,
    project_oid BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_pageconfiguration_createdby_oid ON pageconfiguration (createdby_oid) WHERE createdby_oid IS NOT NULL;
CREATE INDEX ix_pageconfiguration_owner_oid ON pageconfiguration (owner_oid) WHERE owner_oid IS NOT NULL;
CREATE INDEX ix_pageconfiguration_project_oid ON pageconfiguration (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_pageconfiguration_revisionhistory_oid ON pageconfiguration (revisionhistory_oid) WHERE revisionhistory_oid IS NOT NULL;
CREATE INDEX ix_pageconfiguration_uuid ON pageconfiguration (uuid);
CREATE TABLE panel (
    oid INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    creationdate TEXT NOT NULL,
    versionid BIGINT NOT NULL,
    dashboard_oid BIGINT,
    paneldefinition_oid BIGINT,
    workspace_oid BIGINT,
    project_oid BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_panel_dashboard_oid ON panel (dashboard_oid) WHERE dashboard_oid IS NOT NULL;
CREATE INDEX ix_panel_paneldefinition_oid ON panel (paneldefinition_oid) WHERE paneldefinition_oid IS NOT NULL;
CREATE INDEX ix_panel_project_oid ON panel (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_panel_uuid ON panel (uuid);
CREATE TABLE paneldefinitionconfigproperty (
    oid INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    creationdate TEXT NOT NULL,
    versionid BIGINT NOT NULL,
    name TEXT,
    readonly BOOLEAN,
    value TEXT,
    workspace_oid BIGINT,
    project_oid BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_paneldefinitionconfigproperty_project_oid ON paneldefinitionconfigproperty (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_paneldefinitionconfigproperty_uuid ON paneldefinitionconfigproperty (uuid);
CREATE TABLE password (
    user_oid INTEGER NOT NULL,
    hash TEXT NOT NULL,
    set_at TEXT NOT NULL,
    history TEXT DEFAULT '[]' NOT NULL,
    failures TEXT DEFAULT '[]' NOT NULL,
    locked_by_admin BOOLEAN DEFAULT 0 NOT NULL,
    PRIMARY KEY (user_oid)
);
CREATE TABLE portfolioitempredecessorrelationship (
    oid INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    creationdate TEXT NOT NULL,
    versionid BIGINT NOT NULL,
    workspace_oid BIGINT,
    predecessor_oid BIGINT,
    successor_oid BIGINT,
    project_oid BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_portfolioitempredecessorrelationship_predecessor_oid ON portfolioitempredecessorrelationship (predecessor_oid) WHERE predecessor_oid IS NOT NULL;
CREATE INDEX ix_portfolioitempredecessorrelationship_project_oid ON portfolioitempredecessorrelationship (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_portfolioitempredecessorrelationship_successor_oid ON portfolioitempredecessorrelationship (successor_oid) WHERE successor_oid IS NOT NULL;
CREATE INDEX ix_portfolioitempredecessorrelationship_uuid ON portfolioitempredecessorrelationship (uuid);
CREATE TABLE preference (
    oid INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    creationdate TEXT NOT NULL,
    versionid BIGINT NOT NULL,
    appid BIGINT,
    name TEXT,
    project_oid BIGINT,
    type TEXT,
    user_oid BIGINT,
    value TEXT,
    workspace_oid BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_preference_name ON preference (name);
CREATE INDEX ix_preference_project_oid ON preference (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_preference_user_oid ON preference (user_oid) WHERE user_oid IS NOT NULL;
CREATE INDEX ix_preference_uuid ON preference (uuid);
CREATE TABLE preliminaryestimate (
    oid INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    creationdate TEXT NOT NULL,
    versionid BIGINT NOT NULL,
    workspace_oid BIGINT,
    countvalue BIGINT,
    description TEXT,
    enabled BOOLEAN,
    name TEXT,
    revisionhistory_oid BIGINT,
    value BIGINT,
    project_oid BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_preliminaryestimate_project_oid ON preliminaryestimate (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_preliminaryestimate_revisionhistory_oid ON preliminaryestimate (revisionhistory_oid) WHERE revisionhistory_oid IS NOT NULL;
CREATE INDEX ix_preliminaryestimate_uuid ON preliminaryestimate (uuid);
CREATE TABLE profileimage (
    oid INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    creationdate TEXT NOT NULL,
    versionid BIGINT NOT NULL,
    content BLOB,
    workspace_oid BIGINT,
    project_oid BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_profileimage_project_oid ON profileimage (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_profileimage_uuid ON profileimage (uuid);
CREATE TABLE program (
    oid INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    creationdate TEXT NOT NULL,
    versionid BIGINT NOT NULL,
    workspace_oid BIGINT,
    project_oid BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_program_project_oid ON program (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_program_uuid ON program (uuid);
CREATE TABLE recyclebinentry (
    oid INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    creationdate TEXT NOT NULL,
    versionid BIGINT NOT NULL,
    workspace_oid BIGINT,
    deletedby_oid BIGINT,
    deletiondate TEXT,
    id TEXT,
    itemoid BIGINT,
    name TEXT,
    type_oid BIGINT,
    project_oid BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_recyclebinentry_deletedby_oid ON recyclebinentry (deletedby_oid) WHERE deletedby_oid IS NOT NULL;
CREATE INDEX ix_recyclebinentry_project_oid ON recyclebinentry (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_recyclebinentry_type_oid ON recyclebinentry (type_oid) WHERE type_oid IS NOT NULL;
CREATE INDEX ix_recyclebinentry_uuid ON recyclebinentry (uuid);
CREATE TABLE recycled (
    oid INTEGER NOT NULL,
    item_oid BIGINT NOT NULL,
    type TEXT NOT NULL,
    version BIGINT NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_recycled_item_oid ON recycled (item_oid);
CREATE TABLE release (
    oid INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    creationdate TEXT NOT NULL,
    versionid BIGINT NOT NULL,
    workspace_oid BIGINT,
    accepted DOUBLE,
    cascadedtochildren BOOLEAN,
    childrenplannedvelocity DOUBLE,
    grossestimateconversionratio DOUBLE,
    lastupdatedate TEXT,
    name TEXT,
    notes TEXT,
    planestimate DOUBLE,
    plannedvelocity DOUBLE,
    project_oid BIGINT,
    releasebacklogitemscount BIGINT,
    releasedate TEXT,
    releasestartdate TEXT,
    revisionhistory_oid BIGINT,
    state TEXT,
    syncedwithparent BOOLEAN,
    taskactualtotal DOUBLE,
    taskestimatetotal DOUBLE,
    taskremainingtotal DOUBLE,
    theme TEXT,
    version TEXT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_release_project_oid ON release (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_release_revisionhistory_oid ON release (revisionhistory_oid) WHERE revisionhistory_oid IS NOT NULL;
CREATE INDEX ix_release_uuid ON release (uuid);
CREATE TABLE revision (
    oid INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    creationdate TEXT NOT NULL,
    versionid BIGINT NOT NULL,
    workspace_oid BIGINT,
    description TEXT,
    revisionhistory_oid BIGINT,
    revisionnumber BIGINT,
    user_oid BIGINT,
    project_oid BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_revision_project_oid ON revision (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_revision_revisionhistory_oid ON revision (revisionhistory_oid) WHERE revisionhistory_oid IS NOT NULL;
CREATE INDEX ix_revision_revisionnumber ON revision (revisionnumber);
CREATE INDEX ix_revision_user_oid ON revision (user_oid) WHERE user_oid IS NOT NULL;
CREATE INDEX ix_revision_uuid ON revision (uuid);
CREATE TABLE revisionhistory (
    oid INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    creationdate TEXT NOT NULL,
    versionid BIGINT NOT NULL,
    workspace_oid BIGINT,
    project_oid BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_revisionhistory_project_oid ON revisionhistory (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_revisionhistory_uuid ON revisionhistory (uuid);
CREATE TABLE schedulestate (
    oid INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    creationdate TEXT NOT NULL,
    versionid BIGINT NOT NULL,
    workspace_oid BIGINT,
    editable BOOLEAN,
    enabled BOOLEAN,
    name TEXT,
    orderindex BIGINT,
    shortname TEXT,
    project_oid BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_schedulestate_project_oid ON schedulestate (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_schedulestate_uuid ON schedulestate (uuid);
CREATE TABLE scmrepository (
    oid INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    creationdate TEXT NOT NULL,
    versionid BIGINT NOT NULL,
    workspace_oid BIGINT,
    description TEXT,
    name TEXT,
    scmtype TEXT,
    uri TEXT,
    project_oid BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_scmrepository_project_oid ON scmrepository (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_scmrepository_uuid ON scmrepository (uuid);
CREATE TABLE scope (
    oid INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    creationdate TEXT NOT NULL,
    versionid BIGINT NOT NULL,
    concrete_type TEXT NOT NULL,
    description TEXT,
    name TEXT,
    notes TEXT,
    owner_oid BIGINT,
    state TEXT,
    lastupdateddate TEXT,
    parent_oid BIGINT,
    revisionhistory_oid BIGINT,
    schemaversion TEXT,
    taskstaterollupenabled BOOLEAN,
    workspace_oid BIGINT,
    style TEXT,
    workspaceconfiguration_oid BIGINT,
    project_oid BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_scope_owner_oid ON scope (owner_oid) WHERE owner_oid IS NOT NULL;
CREATE INDEX ix_scope_parent_oid ON scope (parent_oid) WHERE parent_oid IS NOT NULL;
CREATE INDEX ix_scope_project_oid ON scope (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_scope_revisionhistory_oid ON scope (revisionhistory_oid) WHERE revisionhistory_oid IS NOT NULL;
CREATE INDEX ix_scope_uuid ON scope (uuid);
CREATE INDEX ix_scope_workspaceconfiguration_oid ON scope (workspaceconfiguration_oid) WHERE workspaceconfiguration_oid IS NOT NULL;
CREATE TABLE scopedattributedefinition (
    oid INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    creationdate TEXT NOT NULL,
    versionid BIGINT NOT NULL,
    workspace_oid BIGINT,
    attributetype TEXT,
    childprojecthiddencount BIGINT,
    childprojectvisiblecount BIGINT,
    constrained BOOLEAN,
    custom BOOLEAN,
    hidden BOOLEAN,
    multivalue BOOLEAN,
    name TEXT,
    required BOOLEAN,
    sharedacrossworkitems BOOLEAN,
    sortable BOOLEAN,
    systemrequired BOOLEAN,
    visibilityonchildprojects TEXT,
    visibleonlytoadmins BOOLEAN,
    project_oid BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_scopedattributedefinition_project_oid ON scopedattributedefinition (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_scopedattributedefinition_uuid ON scopedattributedefinition (uuid);
CREATE TABLE session (
    id BLOB NOT NULL,
    user_oid BIGINT NOT NULL,
    kind TEXT NOT NULL,
    security_token TEXT,
    created_at TEXT NOT NULL,
    last_used_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    idle_seconds BIGINT,
    address TEXT,
    client TEXT,
    PRIMARY KEY (id)
);
CREATE INDEX ix_session_user_oid ON session (user_oid);
CREATE TABLE slice (
    oid INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    creationdate TEXT NOT NULL,
    versionid BIGINT NOT NULL,
    concrete_type TEXT NOT NULL,
    workspace_oid BIGINT,
    description TEXT,
    displaycolor TEXT,
    formattedid TEXT,
    lastupdatedate TEXT,
    name TEXT,
    notes TEXT,
    recycled BOOLEAN,
    revisionhistory_oid BIGINT,
    acceptedleafstoryplanestimatetotal DOUBLE,
    amount DOUBLE,
    dependencycountforlowestlevelportfolioitems BIGINT,
    enddate TEXT,
    leafstoryplanestimatetotal DOUBLE,
    percentchildartifactsscheduled DOUBLE,
    percentdonebystoryplanestimate DOUBLE,
    percentdonebyworkdays DOUBLE,
    startdate TEXT,
    totalartifactcount BIGINT,
    totalscheduledartifactscount BIGINT,
    totalworkdays BIGINT,
    totalworkdayselapsed BIGINT,
    acceptedworkitemcount BIGINT,
    acceptedworkitempoints DOUBLE,
    closedprojectcount BIGINT,
    dclastupdatedate TEXT,
    dcpercentlowriskremaining DOUBLE,
    dcproduct DOUBLE,
    dcweakestprojectrisk TEXT,
    dcweakestprojectscore DOUBLE,
    dcweightedaveragerisk TEXT,
    dcweightedaveragescore DOUBLE,
    issuecount BIGINT,
    percentdonebyworkitemcount DOUBLE,
    percentdonebyworkitempoints DOUBLE,
    targetdate TEXT,
    targetproject_oid BIGINT,
    totalprojectcount BIGINT,
    totalworkitemcount BIGINT,
    totalworkitempoints DOUBLE,
    workspacescoped BOOLEAN,
    project_oid BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_slice_formattedid ON slice (concrete_type, formattedid);
CREATE INDEX ix_slice_project_oid ON slice (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_slice_revisionhistory_oid ON slice (revisionhistory_oid) WHERE revisionhistory_oid IS NOT NULL;
CREATE INDEX ix_slice_targetproject_oid ON slice (targetproject_oid) WHERE targetproject_oid IS NOT NULL;
CREATE INDEX ix_slice_uuid ON slice (uuid);
CREATE TABLE subscription (
    oid INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    creationdate TEXT NOT NULL,
    versionid BIGINT NOT NULL,
    apikeysenabled BOOLEAN,
    applyipaddressrestrictiontosubadmins BOOLEAN,
    attachmentfilenameextensionsenabled BOOLEAN,
    attachmentfilenameextensionwhitelist TEXT,
    authenticationpolicy TEXT,
    authenticationpolicyurl TEXT,
    cmkencryptiononly BOOLEAN,
    communityappcatalogenabled BOOLEAN,
    corsalloweddomains TEXT,
    corsenabled BOOLEAN,
    customertype TEXT,
    customhtmlappenabled BOOLEAN,
    customssologouturl TEXT,
    customurlappenabled BOOLEAN,
    dataexportexpirationdate TEXT,
    dataexportsize TEXT,
    dataexportstatus TEXT,
    dataexportstatusdate TEXT,
    dataexporttraceid TEXT,
    defectconversionenabled BOOLEAN,
    destinationauthorizationname TEXT,
    directssoidpentityid TEXT,
    directssoidpsigningcert TEXT,
    disableduserscount BIGINT,
    emailenabled BOOLEAN,
    enableduserscount BIGINT,
    expirationdate TEXT,
    faileduserloginemailenabled BOOLEAN,
    hmacsecret TEXT,
    ipaddressrestrictionenabled BOOLEAN,
    ismanagedmashupsenabled BOOLEAN,
    isssorequired BOOLEAN,
    jsonpenabled BOOLEAN,
    legaldisclaimerenabled BOOLEAN,
    legaldisclaimermessage TEXT,
    licensetype TEXT,
    maximumcustomuserfields BIGINT,
    maximumcustomviews BIGINT,
    maximumloginattempts BIGINT,
    maximumprivatetabs BIGINT,
    maximumprojects BIGINT,
    maximumsharedtabs BIGINT,
    maximumworkspaces BIGINT,
    modules TEXT,
    mtlspolicy TEXT,
    name TEXT,
    numberofpasswordrules BIGINT,
    paidseats BIGINT,
    passwordchangerequired BOOLEAN,
    passwordexpirationdays BIGINT,
    passwordminimumlength BIGINT,
    pla BOOLEAN,
    previouspasswordcount BIGINT,
    projectadminscancreateprojects BOOLEAN,
    projectadminscancreateusers BOOLEAN,
    projectadminscanenableanddisabletaskstateworkflow BOOLEAN,
    projectadminscanenableanddisableusers BOOLEAN,
    projecthierarchyenabled BOOLEAN,
    rallynext BOOLEAN,
    restrictedipaddresses TEXT,
    revisionhistory_oid BIGINT,
    seatscount BIGINT,
    serialnumber TEXT,
    sessiontimeoutseconds BIGINT,
    siteid TEXT,
    sourceauthorizationname TEXT,
    ssoexceptionusernames TEXT,
    ssoredirectenabled BOOLEAN,
    storyhierarchyenabled BOOLEAN,
    storyhierarchytype TEXT,
    subscriptionid BIGINT,
    subscriptionstate TEXT,
    subscriptiontype TEXT,
    terminationdate TEXT,
    unpaidseats BIGINT,
    usercount BIGINT,
    userdeactivationemailenabled BOOLEAN,
    userlockouttime BIGINT,
    usingcustomssologouturl BOOLEAN,
    webhooksenabled BOOLEAN,
    workspaceadminscanconfigurerecyclebinpurgetime BOOLEAN,
    workspaceadminscancreateusers BOOLEAN,
    zuulid TEXT,
    workspace_oid BIGINT,
    project_oid BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_subscription_project_oid ON subscription (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_subscription_revisionhistory_oid ON subscription (revisionhistory_oid) WHERE revisionhistory_oid IS NOT NULL;
CREATE INDEX ix_subscription_uuid ON subscription (uuid);
CREATE TABLE subscriptiontag (
    oid INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    creationdate TEXT NOT NULL,
    versionid BIGINT NOT NULL,
    name TEXT,
    workspace_oid BIGINT,
    project_oid BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_subscriptiontag_project_oid ON subscriptiontag (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_subscriptiontag_uuid ON subscriptiontag (uuid);
CREATE TABLE tag (
    oid INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    creationdate TEXT NOT NULL,
    versionid BIGINT NOT NULL,
    workspace_oid BIGINT,
    archived BOOLEAN,
    name TEXT,
    usagecount BIGINT,
    project_oid BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_tag_name ON tag (name);
CREATE INDEX ix_tag_project_oid ON tag (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_tag_uuid ON tag (uuid);
CREATE TABLE testcaseresult (
    oid INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    creationdate TEXT NOT NULL,
    versionid BIGINT NOT NULL,
    workspace_oid BIGINT,
    build TEXT,
    date TEXT,
    duration DOUBLE,
    notes TEXT,
    project_oid BIGINT,
    testcase_oid BIGINT,
    tester_oid BIGINT,
    testset_oid BIGINT,
    verdict TEXT,
    workproduct_oid BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_testcaseresult_project_oid ON testcaseresult (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_testcaseresult_testcase_oid ON testcaseresult (testcase_oid) WHERE testcase_oid IS NOT NULL;
CREATE INDEX ix_testcaseresult_tester_oid ON testcaseresult (tester_oid) WHERE tester_oid IS NOT NULL;
CREATE INDEX ix_testcaseresult_testset_oid ON testcaseresult (testset_oid) WHERE testset_oid IS NOT NULL;
CREATE INDEX ix_testcaseresult_uuid ON testcaseresult (uuid);
CREATE INDEX ix_testcaseresult_workproduct_oid ON testcaseresult (workproduct_oid) WHERE workproduct_oid IS NOT NULL;
CREATE TABLE testcasestep (
    oid INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    creationdate TEXT NOT NULL,
    versionid BIGINT NOT NULL,
    workspace_oid BIGINT,
    expectedresult TEXT,
    input TEXT,
    stepindex BIGINT,
    testcase_oid BIGINT,
    project_oid BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_testcasestep_project_oid ON testcasestep (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_testcasestep_testcase_oid ON testcasestep (testcase_oid) WHERE testcase_oid IS NOT NULL;
CREATE INDEX ix_testcasestep_uuid ON testcasestep (uuid);
CREATE TABLE testfolder (
    oid INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    creationdate TEXT NOT NULL,
    versionid BIGINT NOT NULL,
    workspace_oid BIGINT,
    description TEXT,
    displaycolor TEXT,
    formattedid TEXT,
    name TEXT,
    parent_oid BIGINT,
    project_oid BIGINT,
    revisionhistory_oid BIGINT,
    testfolderstatus_oid BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_testfolder_parent_oid ON testfolder (parent_oid) WHERE parent_oid IS NOT NULL;
CREATE INDEX ix_testfolder_project_oid ON testfolder (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_testfolder_revisionhistory_oid ON testfolder (revisionhistory_oid) WHERE revisionhistory_oid IS NOT NULL;
CREATE INDEX ix_testfolder_testfolderstatus_oid ON testfolder (testfolderstatus_oid) WHERE testfolderstatus_oid IS NOT NULL;
CREATE INDEX ix_testfolder_uuid ON testfolder (uuid);
CREATE TABLE testfolderstatus (
    oid INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    creationdate TEXT NOT NULL,
    versionid BIGINT NOT NULL,
    workspace_oid BIGINT,
    failedcount BIGINT,
    noresultcount BIGINT,
    otherscount BIGINT,
    passingcount BIGINT,
    project_oid BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_testfolderstatus_project_oid ON testfolderstatus (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_testfolderstatus_uuid ON testfolderstatus (uuid);
CREATE TABLE timeentryitem (
    oid INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    creationdate TEXT NOT NULL,
    versionid BIGINT NOT NULL,
    workspace_oid BIGINT,
    project_oid BIGINT,
    projectdisplaystring TEXT,
    revisionhistory_oid BIGINT,
    task_oid BIGINT,
    taskdisplaystring TEXT,
    user_oid BIGINT,
    weekstartdate TEXT,
    workproduct_oid BIGINT,
    workproductdisplaystring TEXT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_timeentryitem_project_oid ON timeentryitem (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_timeentryitem_revisionhistory_oid ON timeentryitem (revisionhistory_oid) WHERE revisionhistory_oid IS NOT NULL;
CREATE INDEX ix_timeentryitem_task_oid ON timeentryitem (task_oid) WHERE task_oid IS NOT NULL;
CREATE INDEX ix_timeentryitem_user_oid ON timeentryitem (user_oid) WHERE user_oid IS NOT NULL;
CREATE INDEX ix_timeentryitem_uuid ON timeentryitem (uuid);
CREATE INDEX ix_timeentryitem_workproduct_oid ON timeentryitem (workproduct_oid) WHERE workproduct_oid IS NOT NULL;
CREATE TABLE timeentryvalue (
    oid INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    creationdate TEXT NOT NULL,
    versionid BIGINT NOT NULL,
    workspace_oid BIGINT,
    dateval TEXT,
    hours DOUBLE,
    lastupdated TEXT,
    revisionhistory_oid BIGINT,
    timeentryitem_oid BIGINT,
    project_oid BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_timeentryvalue_project_oid ON timeentryvalue (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_timeentryvalue_revisionhistory_oid ON timeentryvalue (revisionhistory_oid) WHERE revisionhistory_oid IS NOT NULL;
CREATE INDEX ix_timeentryvalue_timeentryitem_oid ON timeentryvalue (timeentryitem_oid) WHERE timeentryitem_oid IS NOT NULL;
CREATE INDEX ix_timeentryvalue_uuid ON timeentryvalue (uuid);
CREATE TABLE user (
    oid INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    creationdate TEXT NOT NULL,
    versionid BIGINT NOT NULL,
    accountlockeduntil TEXT,
    cancreateapikey BOOLEAN,
    cancreateoauthclient BOOLEAN,
    costcenter TEXT,
    dateformat TEXT,
    datetimeformat TEXT,
    defaultdetailpagetoviewingmode BOOLEAN,
    defaultproject_oid BIGINT,
    deleted BOOLEAN,
    department TEXT,
    disabled BOOLEAN,
    displayname TEXT,
    emailaddress TEXT,
    emailnotificationenabled BOOLEAN,
    failedloginattempts BIGINT,
    firstname TEXT,
    investmentadmin BOOLEAN,
    isonssoexceptionlist BOOLEAN,
    isprovisioninguser BOOLEAN,
    isslmadmin BOOLEAN,
    landingpage TEXT,
    language TEXT,
    lastactivedate TEXT,
    lastlogindate TEXT,
    lastname TEXT,
    lastpasswordupdatedate TEXT,
    lastsystemtimezonename TEXT,
    ldapuuid TEXT,
    locale TEXT,
    middlename TEXT,
    networkid TEXT,
    officelocation TEXT,
    okradmin BOOLEAN,
    onpremldapusername TEXT,
    overridessoredirect TEXT,
    passwordexpires BIGINT,
    phone TEXT,
    planner BOOLEAN,
    profileimage_oid BIGINT,
    projectscopedown BOOLEAN,
    projectscopeup BOOLEAN,
    revisionhistory_oid BIGINT,
    role TEXT,
    sessiontimeout BIGINT,
    sessiontimeoutwarning BOOLEAN,
    shortdisplayname TEXT,
    subscriptionadmin BOOLEAN,
    subscriptionid BIGINT,
    subscriptionoid BIGINT,
    subscriptionpermission TEXT,
    timeboxadmin BOOLEAN,
    username TEXT,
    userprofile_oid BIGINT,
    vsiadmin BOOLEAN,
    widgetdeveloper BOOLEAN,
    workspacepermission TEXT,
    zuulid TEXT,
    workspace_oid BIGINT,
    project_oid BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_user_defaultproject_oid ON user (defaultproject_oid) WHERE defaultproject_oid IS NOT NULL;
CREATE INDEX ix_user_profileimage_oid ON user (profileimage_oid) WHERE profileimage_oid IS NOT NULL;
CREATE INDEX ix_user_project_oid ON user (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_user_revisionhistory_oid ON user (revisionhistory_oid) WHERE revisionhistory_oid IS NOT NULL;
CREATE INDEX ix_user_username ON user (username);
CREATE INDEX ix_user_userprofile_oid ON user (userprofile_oid) WHERE userprofile_oid IS NOT NULL;
CREATE INDEX ix_user_uuid ON user (uuid);
CREATE TABLE useriterationcapacity (
    oid INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    creationdate TEXT NOT NULL,
    versionid BIGINT NOT NULL,
    workspace_oid BIGINT,
    capacity DOUBLE,
    iteration_oid BIGINT,
    load DOUBLE,
    project_oid BIGINT,
    taskestimates DOUBLE,
    user_oid BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_useriterationcapacity_iteration_oid ON useriterationcapacity (iteration_oid) WHERE iteration_oid IS NOT NULL;
CREATE INDEX ix_useriterationcapacity_project_oid ON useriterationcapacity (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_useriterationcapacity_user_oid ON useriterationcapacity (user_oid) WHERE user_oid IS NOT NULL;
CREATE INDEX ix_useriterationcapacity_uuid ON useriterationcapacity (uuid);
CREATE TABLE usernotificationfilter (
    oid INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    creationdate TEXT NOT NULL,
    versionid BIGINT NOT NULL,
    workspace_oid BIGINT,
    description TEXT,
    enabled BOOLEAN,
    filterexpression TEXT,
    filterquery TEXT,
    isownershipfilter BOOLEAN,
    isvalid BOOLEAN,
    name TEXT,
    type_oid BIGINT,
    project_oid BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_usernotificationfilter_project_oid ON usernotificationfilter (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_usernotificationfilter_type_oid ON usernotificationfilter (type_oid) WHERE type_oid IS NOT NULL;
CREATE INDEX ix_usernotificationfilter_uuid ON usernotificationfilter (uuid);
CREATE TABLE userpermission (
    oid INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    creationdate TEXT NOT NULL,
    versionid BIGINT NOT NULL,
    concrete_type TEXT NOT NULL,
    customobjectid TEXT,
    name TEXT,
    role TEXT,
    user_oid BIGINT,
    project_oid BIGINT,
    projectstate TEXT,
    workspace_oid BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_userpermission_project_oid ON userpermission (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_userpermission_user_oid ON userpermission (user_oid) WHERE user_oid IS NOT NULL;
CREATE INDEX ix_userpermission_uuid ON userpermission (uuid);
CREATE TABLE userprofile (
    oid INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    creationdate TEXT NOT NULL,
    versionid BIGINT NOT NULL,
    dateformat TEXT,
    datetimeformat TEXT,
    defaultdetailpagetoviewingmode BOOLEAN,
    defaultproject_oid BIGINT,
    defaultworkspace_oid BIGINT,
    emailnotificationenabled BOOLEAN,
    language TEXT,
    locale TEXT,
    sessiontimeoutseconds BIGINT,
    sessiontimeoutwarning BOOLEAN,
    timezone TEXT,
    user_oid BIGINT,
    welcomepagehidden BOOLEAN,
    workspace_oid BIGINT,
    project_oid BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_userprofile_defaultproject_oid ON userprofile (defaultproject_oid) WHERE defaultproject_oid IS NOT NULL;
CREATE INDEX ix_userprofile_defaultworkspace_oid ON userprofile (defaultworkspace_oid) WHERE defaultworkspace_oid IS NOT NULL;
CREATE INDEX ix_userprofile_project_oid ON userprofile (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_userprofile_user_oid ON userprofile (user_oid) WHERE user_oid IS NOT NULL;
CREATE INDEX ix_userprofile_uuid ON userprofile (uuid);
CREATE TABLE vsmchange (
    oid INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    creationdate TEXT NOT NULL,
    versionid BIGINT NOT NULL,
    workspace_oid BIGINT,
    commitmessage TEXT,
    committime TEXT,
    deploy_oid BIGINT,
    lastupdatedate TEXT,
    revision TEXT,
    revisionhistory_oid BIGINT,
    sourceid TEXT,
    sourcesystemmetadata TEXT,
    sourceurl TEXT,
    project_oid BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_vsmchange_deploy_oid ON vsmchange (deploy_oid) WHERE deploy_oid IS NOT NULL;
CREATE INDEX ix_vsmchange_project_oid ON vsmchange (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_vsmchange_revisionhistory_oid ON vsmchange (revisionhistory_oid) WHERE revisionhistory_oid IS NOT NULL;
CREATE INDEX ix_vsmchange_uuid ON vsmchange (uuid);
CREATE TABLE vsmcomponent (
    oid INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    creationdate TEXT NOT NULL,
    versionid BIGINT NOT NULL,
    workspace_oid BIGINT,
    lastcommittime TEXT,
    lasttimedeployed TEXT,
    lastupdatedate TEXT,
    name TEXT,
    revisionhistory_oid BIGINT,
    sourceid TEXT,
    sourcesystemmetadata TEXT,
    sourceurl TEXT,
    project_oid BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_vsmcomponent_project_oid ON vsmcomponent (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_vsmcomponent_revisionhistory_oid ON vsmcomponent (revisionhistory_oid) WHERE revisionhistory_oid IS NOT NULL;
CREATE INDEX ix_vsmcomponent_uuid ON vsmcomponent (uuid);
CREATE TABLE vsmdeploy (
    oid INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    creationdate TEXT NOT NULL,
    versionid BIGINT NOT NULL,
    workspace_oid BIGINT,
    buildid TEXT,
    component_oid BIGINT,
    issuccessful BOOLEAN,
    lastupdatedate TEXT,
    mainrevision TEXT,
    revisionhistory_oid BIGINT,
    sourceid TEXT,
    sourcesystemmetadata TEXT,
    sourceurl TEXT,
    timecreated TEXT,
    timedeployed TEXT,
    project_oid BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_vsmdeploy_component_oid ON vsmdeploy (component_oid) WHERE component_oid IS NOT NULL;
CREATE INDEX ix_vsmdeploy_project_oid ON vsmdeploy (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_vsmdeploy_revisionhistory_oid ON vsmdeploy (revisionhistory_oid) WHERE revisionhistory_oid IS NOT NULL;
CREATE INDEX ix_vsmdeploy_uuid ON vsmdeploy (uuid);
CREATE TABLE vsmincident (
    oid INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    creationdate TEXT NOT NULL,
    versionid BIGINT NOT NULL,
    workspace_oid BIGINT,
    channel TEXT,
    closeddate TEXT,
    component_oid BIGINT,
    description TEXT,
    lastupdatedate TEXT,
    name TEXT,
    openeddate TEXT,
    priority TEXT,
    product_oid BIGINT,
    revisionhistory_oid BIGINT,
    severity TEXT,
    sourceid TEXT,
    sourcesystemmetadata TEXT,
    sourceurl TEXT,
    status TEXT,
    project_oid BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_vsmincident_component_oid ON vsmincident (component_oid) WHERE component_oid IS NOT NULL;
CREATE INDEX ix_vsmincident_product_oid ON vsmincident (product_oid) WHERE product_oid IS NOT NULL;
CREATE INDEX ix_vsmincident_project_oid ON vsmincident (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_vsmincident_revisionhistory_oid ON vsmincident (revisionhistory_oid) WHERE revisionhistory_oid IS NOT NULL;
CREATE INDEX ix_vsmincident_uuid ON vsmincident (uuid);
CREATE TABLE vsminvestmentcategorytoinvestmentintentmap (
    oid INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    creationdate TEXT NOT NULL,
    versionid BIGINT NOT NULL,
    workspace_oid BIGINT,
    investmentcategory TEXT,
    investmentintentname TEXT,
    lastupdatedate TEXT,
    revisionhistory_oid BIGINT,
    sourcesystemmetadata TEXT,
    project_oid BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_vsminvestmentcategorytoinvestmentintentmap_project_oid ON vsminvestmentcategorytoinvestmentintentmap (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_vsminvestmentcategorytoinvestmentintentmap_revision_46932ad0 ON vsminvestmentcategorytoinvestmentintentmap (revisionhistory_oid) WHERE revisionhistory_oid IS NOT NULL;
CREATE INDEX ix_vsminvestmentcategorytoinvestmentintentmap_uuid ON vsminvestmentcategorytoinvestmentintentmap (uuid);
CREATE TABLE vsmmeasure (
    oid INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    creationdate TEXT NOT NULL,
    versionid BIGINT NOT NULL,
    workspace_oid BIGINT,
    automated BOOLEAN,
    createdby_oid BIGINT,
    lastupdatedate TEXT,
    metric_oid BIGINT,
    revisionhistory_oid BIGINT,
    sourceid TEXT,
    sourcesystemmetadata TEXT,
    sourceurl TEXT,
    value DOUBLE,
    valuetime TEXT,
    project_oid BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_vsmmeasure_createdby_oid ON vsmmeasure (createdby_oid) WHERE createdby_oid IS NOT NULL;
CREATE INDEX ix_vsmmeasure_metric_oid ON vsmmeasure (metric_oid) WHERE metric_oid IS NOT NULL;
CREATE INDEX ix_vsmmeasure_project_oid ON vsmmeasure (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_vsmmeasure_revisionhistory_oid ON vsmmeasure (revisionhistory_oid) WHERE revisionhistory_oid IS NOT NULL;
CREATE INDEX ix_vsmmeasure_uuid ON vsmmeasure (uuid);
CREATE TABLE vsmmetric (
    oid INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    creationdate TEXT NOT NULL,
    versionid BIGINT NOT NULL,
    concrete_type TEXT NOT NULL,
    workspace_oid BIGINT,
    active BOOLEAN,
    category TEXT,
    createdby_oid BIGINT,
    description TEXT,
    lastupdatedate TEXT,
    name TEXT,
    product_oid BIGINT,
    revisionhistory_oid BIGINT,
    sourceid TEXT,
    sourcekey TEXT,
    sourcesystemmetadata TEXT,
    sourceurl TEXT,
    subclasstype TEXT,
    unit TEXT,
    project_oid BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_vsmmetric_createdby_oid ON vsmmetric (createdby_oid) WHERE createdby_oid IS NOT NULL;
CREATE INDEX ix_vsmmetric_product_oid ON vsmmetric (product_oid) WHERE product_oid IS NOT NULL;
CREATE INDEX ix_vsmmetric_project_oid ON vsmmetric (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_vsmmetric_revisionhistory_oid ON vsmmetric (revisionhistory_oid) WHERE revisionhistory_oid IS NOT NULL;
CREATE INDEX ix_vsmmetric_uuid ON vsmmetric (uuid);
CREATE TABLE vsmmetricportfolioitem (
    oid INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    creationdate TEXT NOT NULL,
    versionid BIGINT NOT NULL,
    workspace_oid BIGINT,
    lastupdatedate TEXT,
    metric_oid BIGINT,
    portfolioitem_oid BIGINT,
    project_oid BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_vsmmetricportfolioitem_metric_oid ON vsmmetricportfolioitem (metric_oid) WHERE metric_oid IS NOT NULL;
CREATE INDEX ix_vsmmetricportfolioitem_portfolioitem_oid ON vsmmetricportfolioitem (portfolioitem_oid) WHERE portfolioitem_oid IS NOT NULL;
CREATE INDEX ix_vsmmetricportfolioitem_project_oid ON vsmmetricportfolioitem (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_vsmmetricportfolioitem_uuid ON vsmmetricportfolioitem (uuid);
CREATE TABLE vsmoutcomemetric (
    oid INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    creationdate TEXT NOT NULL,
    versionid BIGINT NOT NULL,
    workspace_oid BIGINT,
    createdby_oid BIGINT,
    lastupdatedate TEXT,
    metric_oid BIGINT,
    outcome_oid BIGINT,
    precedesoutcomeby BIGINT,
    revisionhistory_oid BIGINT,
    weight BIGINT,
    project_oid BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_vsmoutcomemetric_createdby_oid ON vsmoutcomemetric (createdby_oid) WHERE createdby_oid IS NOT NULL;
CREATE INDEX ix_vsmoutcomemetric_metric_oid ON vsmoutcomemetric (metric_oid) WHERE metric_oid IS NOT NULL;
CREATE INDEX ix_vsmoutcomemetric_outcome_oid ON vsmoutcomemetric (outcome_oid) WHERE outcome_oid IS NOT NULL;
CREATE INDEX ix_vsmoutcomemetric_project_oid ON vsmoutcomemetric (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_vsmoutcomemetric_revisionhistory_oid ON vsmoutcomemetric (revisionhistory_oid) WHERE revisionhistory_oid IS NOT NULL;
CREATE INDEX ix_vsmoutcomemetric_uuid ON vsmoutcomemetric (uuid);
CREATE TABLE vsmproduct (
    oid INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    creationdate TEXT NOT NULL,
    versionid BIGINT NOT NULL,
    workspace_oid BIGINT,
    active BOOLEAN,
    description TEXT,
    hierarchylevel BIGINT,
    investmentintent TEXT,
    isleaf BOOLEAN,
    lastupdatedate TEXT,
    name TEXT,
    parent_oid BIGINT,
    portfolioitemfilter TEXT,
    revisionhistory_oid BIGINT,
    sourceid TEXT,
    sourcesystemmetadata TEXT,
    sourceurl TEXT,
    subclasstype TEXT,
    project_oid BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_vsmproduct_parent_oid ON vsmproduct (parent_oid) WHERE parent_oid IS NOT NULL;
CREATE INDEX ix_vsmproduct_project_oid ON vsmproduct (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_vsmproduct_revisionhistory_oid ON vsmproduct (revisionhistory_oid) WHERE revisionhistory_oid IS NOT NULL;
CREATE INDEX ix_vsmproduct_uuid ON vsmproduct (uuid);
CREATE TABLE vsmproductportfolioitem (
    oid INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    creationdate TEXT NOT NULL,
    versionid BIGINT NOT NULL,
    workspace_oid BIGINT,
    lastupdatedate TEXT,
    portfolioitem_oid BIGINT,
    product_oid BIGINT,
    project_oid BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_vsmproductportfolioitem_portfolioitem_oid ON vsmproductportfolioitem (portfolioitem_oid) WHERE portfolioitem_oid IS NOT NULL;
CREATE INDEX ix_vsmproductportfolioitem_product_oid ON vsmproductportfolioitem (product_oid) WHERE product_oid IS NOT NULL;
CREATE INDEX ix_vsmproductportfolioitem_project_oid ON vsmproductportfolioitem (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_vsmproductportfolioitem_uuid ON vsmproductportfolioitem (uuid);
CREATE TABLE vsmtarget (
    oid INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    creationdate TEXT NOT NULL,
    versionid BIGINT NOT NULL,
    workspace_oid BIGINT,
    active BOOLEAN,
    arg1 DOUBLE,
    arg2 DOUBLE,
    createdby_oid BIGINT,
    lastupdatedate TEXT,
    metric_oid BIGINT,
    notes TEXT,
    operator TEXT,
    revisionhistory_oid BIGINT,
    sourceid TEXT,
    sourcesystemmetadata TEXT,
    sourceurl TEXT,
    targetdate TEXT,
    project_oid BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_vsmtarget_createdby_oid ON vsmtarget (createdby_oid) WHERE createdby_oid IS NOT NULL;
CREATE INDEX ix_vsmtarget_metric_oid ON vsmtarget (metric_oid) WHERE metric_oid IS NOT NULL;
CREATE INDEX ix_vsmtarget_project_oid ON vsmtarget (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_vsmtarget_revisionhistory_oid ON vsmtarget (revisionhistory_oid) WHERE revisionhistory_oid IS NOT NULL;
CREATE INDEX ix_vsmtarget_uuid ON vsmtarget (uuid);
CREATE TABLE webtab (
    oid INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    creationdate TEXT NOT NULL,
    versionid BIGINT NOT NULL,
    workspace_oid BIGINT,
    dashboard_oid BIGINT,
    hasadminaccessineverysharedproject BOOLEAN,
    lastaccess TEXT,
    lastupdatedate TEXT,
    name TEXT,
    pageid TEXT,
    pageuri TEXT,
    portholeid TEXT,
    profile_oid BIGINT,
    projectoid BIGINT,
    shared BOOLEAN,
    sharedprojectscount BIGINT,
    totaluseraccesslast30days BIGINT,
    type TEXT,
    uniqueuseraccesslast30days BIGINT,
    widgetonly BOOLEAN,
    project_oid BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_webtab_dashboard_oid ON webtab (dashboard_oid) WHERE dashboard_oid IS NOT NULL;
CREATE INDEX ix_webtab_profile_oid ON webtab (profile_oid) WHERE profile_oid IS NOT NULL;
CREATE INDEX ix_webtab_project_oid ON webtab (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_webtab_uuid ON webtab (uuid);
CREATE TABLE widgetcatalogentry (
    oid INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    creationdate TEXT NOT NULL,
    versionid BIGINT NOT NULL,
    concrete_type TEXT NOT NULL,
    config TEXT,
    createdby_oid BIGINT,
    deprecationdate TEXT,
    description TEXT,
    imagepath TEXT,
    lastupdatedate TEXT,
    name TEXT,
    state TEXT,
    type TEXT,
    usagecount BIGINT,
    workspace_oid BIGINT,
    project_oid BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_widgetcatalogentry_createdby_oid ON widgetcatalogentry (createdby_oid) WHERE createdby_oid IS NOT NULL;
CREATE INDEX ix_widgetcatalogentry_project_oid ON widgetcatalogentry (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_widgetcatalogentry_uuid ON widgetcatalogentry (uuid);
CREATE TABLE widgetconfiguration (
    oid INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    creationdate TEXT NOT NULL,
    versionid BIGINT NOT NULL,
    workspace_oid BIGINT,
    columnindex BIGINT,
    config TEXT,
    createdby_oid BIGINT,
    description TEXT,
    lastupdatedate TEXT,
    name TEXT,
    owner_oid BIGINT,
    parentpageconfiguration_oid BIGINT,
    parentwidgetcatalogentry_oid BIGINT,
    revisionhistory_oid BIGINT,
    type TEXT,
    widgetsection_oid BIGINT,
    project_oid BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_widgetconfiguration_createdby_oid ON widgetconfiguration (createdby_oid) WHERE createdby_oid IS NOT NULL;
CREATE INDEX ix_widgetconfiguration_owner_oid ON widgetconfiguration (owner_oid) WHERE owner_oid IS NOT NULL;
CREATE INDEX ix_widgetconfiguration_parentpageconfiguration_oid ON widgetconfiguration (parentpageconfiguration_oid) WHERE parentpageconfiguration_oid IS NOT NULL;
CREATE INDEX ix_widgetconfiguration_parentwidgetcatalogentry_oid ON widgetconfiguration (parentwidgetcatalogentry_oid) WHERE parentwidgetcatalogentry_oid IS NOT NULL;
CREATE INDEX ix_widgetconfiguration_project_oid ON widgetconfiguration (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_widgetconfiguration_revisionhistory_oid ON widgetconfiguration (revisionhistory_oid) WHERE revisionhistory_oid IS NOT NULL;
CREATE INDEX ix_widgetconfiguration_uuid ON widgetconfiguration (uuid);
CREATE INDEX ix_widgetconfiguration_widgetsection_oid ON widgetconfiguration (widgetsection_oid) WHERE widgetsection_oid IS NOT NULL;
CREATE TABLE widgetsection (
    oid INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    creationdate TEXT NOT NULL,
    versionid BIGINT NOT NULL,
    workspace_oid BIGINT,
    createdby_oid BIGINT,
    description TEXT,
    lastupdatedate TEXT,
    layout BIGINT,
    name TEXT,
    owner_oid BIGINT,
    parentpageconfiguration_oid BIGINT,
    rowindex BIGINT,
    project_oid BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_widgetsection_createdby_oid ON widgetsection (createdby_oid) WHERE createdby_oid IS NOT NULL;
CREATE INDEX ix_widgetsection_owner_oid ON widgetsection (owner_oid) WHERE owner_oid IS NOT NULL;
CREATE INDEX ix_widgetsection_parentpageconfiguration_oid ON widgetsection (parentpageconfiguration_oid) WHERE parentpageconfiguration_oid IS NOT NULL;
CREATE INDEX ix_widgetsection_project_oid ON widgetsection (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_widgetsection_uuid ON widgetsection (uuid);
CREATE TABLE widgetsubscriptioncatalogtag (
    oid INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    creationdate TEXT NOT NULL,
    versionid BIGINT NOT NULL,
    color TEXT,
    createdby_oid BIGINT,
    lastupdatedate TEXT,
    name TEXT,
    workspace_oid BIGINT,
    project_oid BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_widgetsubscriptioncatalogtag_createdby_oid ON widgetsubscriptioncatalogtag (createdby_oid) WHERE createdby_oid IS NOT NULL;
CREATE INDEX ix_widgetsubscriptioncatalogtag_project_oid ON widgetsubscriptioncatalogtag (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_widgetsubscriptioncatalogtag_uuid ON widgetsubscriptioncatalogtag (uuid);
CREATE TABLE widgetviewfiltercatalogtag (
    oid INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    creationdate TEXT NOT NULL,
    versionid BIGINT NOT NULL,
    color TEXT,
    createdby_oid BIGINT,
    lastupdatedate TEXT,
    name TEXT,
    workspace_oid BIGINT,
    project_oid BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_widgetviewfiltercatalogtag_createdby_oid ON widgetviewfiltercatalogtag (createdby_oid) WHERE createdby_oid IS NOT NULL;
CREATE INDEX ix_widgetviewfiltercatalogtag_project_oid ON widgetviewfiltercatalogtag (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_widgetviewfiltercatalogtag_uuid ON widgetviewfiltercatalogtag (uuid);
CREATE TABLE workrule (
    oid INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    creationdate TEXT NOT NULL,
    versionid BIGINT NOT NULL,
    workspace_oid BIGINT,
    action TEXT,
    createdby_oid BIGINT,
    enabled BOOLEAN,
    enforcewitherror BOOLEAN,
    formattedid TEXT,
    ifcondition TEXT,
    isscopedown BOOLEAN,
    name TEXT,
    project_oid BIGINT,
    revisionhistory_oid BIGINT,
    ruleactiontype TEXT,
    rulesummary TEXT,
    typenames TEXT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_workrule_createdby_oid ON workrule (createdby_oid) WHERE createdby_oid IS NOT NULL;
CREATE INDEX ix_workrule_project_oid ON workrule (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_workrule_revisionhistory_oid ON workrule (revisionhistory_oid) WHERE revisionhistory_oid IS NOT NULL;
CREATE INDEX ix_workrule_uuid ON workrule (uuid);
CREATE TABLE workspaceconfiguration (
    oid INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    creationdate TEXT NOT NULL,
    versionid BIGINT NOT NULL,
    workspace_oid BIGINT,
    autounblockportfolioitem BOOLEAN,
    buildandchangesetenabled BOOLEAN,
    dateformat TEXT,
    datetimeformat TEXT,
    defaultprojectaccess TEXT,
    defaulttestcasetype TEXT,
    defaulttestcaseverdict TEXT,
    defectprefix TEXT,
    defectsuiteprefix TEXT,
    dragdroprankingenabled BOOLEAN,
    hierarchicalrequirementprefix TEXT,
    iterationestimateunitname TEXT,
    iterationlabelplural TEXT,
    iterationlabelsingular TEXT,
    ppmconnection_oid BIGINT,
    projectadminscanmanageworkrules BOOLEAN,
    projectlabelplural TEXT,
    projectlabelsingular TEXT,
    purgerecyclebinafternumberofdays BIGINT,
    relabelingconfigured BOOLEAN,
    releaseestimateunitname TEXT,
    releaselabelplural TEXT,
    releaselabelsingular TEXT,
    restricttimeboxedit BOOLEAN,
    taskprefix TEXT,
    taskunitname TEXT,
    testcaseprefix TEXT,
    timetrackerenabled BOOLEAN,
    timezone TEXT,
    workdays TEXT,
    project_oid BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_workspaceconfiguration_ppmconnection_oid ON workspaceconfiguration (ppmconnection_oid) WHERE ppmconnection_oid IS NOT NULL;
CREATE INDEX ix_workspaceconfiguration_project_oid ON workspaceconfiguration (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_workspaceconfiguration_uuid ON workspaceconfiguration (uuid);
