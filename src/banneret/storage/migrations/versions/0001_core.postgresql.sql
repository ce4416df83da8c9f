CREATE TABLE api_key (
    oid BIGINT NOT NULL,
    lookup BYTEA NOT NULL,
    user_oid BIGINT NOT NULL,
    display_name TEXT NOT NULL,
    grant_name TEXT COLLATE "C" NOT NULL,
    hint TEXT COLLATE "C" NOT NULL,
    created_at TEXT COLLATE "C" NOT NULL,
    created_by BIGINT,
    last_reset_at TEXT COLLATE "C",
    last_used_at TEXT COLLATE "C",
    last_used_address TEXT,
    last_used_client TEXT,
    refused_count BIGINT DEFAULT '0' NOT NULL,
    expires_at TEXT COLLATE "C",
    suspended_at TEXT COLLATE "C",
    deleted_at TEXT COLLATE "C",
    limits TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE UNIQUE INDEX ix_api_key_lookup ON api_key (lookup);
CREATE INDEX ix_api_key_user_oid ON api_key (user_oid);
CREATE TABLE app (
    oid BIGINT NOT NULL,
    uuid TEXT COLLATE "C" NOT NULL,
    creationdate TEXT COLLATE "C" NOT NULL,
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
    oid BIGINT NOT NULL,
    uuid TEXT COLLATE "C" NOT NULL,
    creationdate TEXT COLLATE "C" NOT NULL,
    versionid BIGINT NOT NULL,
    concrete_type TEXT COLLATE "C" NOT NULL,
    workspace_oid BIGINT,
    aiassisted BOOLEAN,
    createdby_oid BIGINT,
    description TEXT,
    displaycolor TEXT,
    expedite BOOLEAN,
    formattedid TEXT,
    formattedidid BIGINT,
    formattedidprefix TEXT,
    lastupdatedate TEXT COLLATE "C",
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
    actuals DOUBLE PRECISION,
    blocked BOOLEAN,
    blockedreason TEXT,
    estimate DOUBLE PRECISION,
    iteration_oid BIGINT,
    release_oid BIGINT,
    state TEXT,
    taskindex BIGINT,
    timespent DOUBLE PRECISION,
    todo DOUBLE PRECISION,
    acceptedleafstorycount BIGINT,
    acceptedleafstoryplanestimatetotal DOUBLE PRECISION,
    externalurl TEXT,
    leafstorycount BIGINT,
    leafstoryplanestimatetotal DOUBLE PRECISION,
    percentdonebystorycount DOUBLE PRECISION,
    percentdonebystoryplanestimate DOUBLE PRECISION,
    portfolioitem_oid BIGINT,
    source TEXT,
    accepteddefectcountrollup BIGINT,
    accepteddefectestimatetotalrollup DOUBLE PRECISION,
    acceptedtotalcountrollup BIGINT,
    acceptedtotalestimaterollup DOUBLE PRECISION,
    actualenddate TEXT COLLATE "C",
    actualstartdate TEXT COLLATE "C",
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
    defectplanestimatetotalrollup DOUBLE PRECISION,
    directchildrencount BIGINT,
    estimatedprogressbystorycount DOUBLE PRECISION,
    estimatedprogressbystorypoints DOUBLE PRECISION,
    investmentcategory TEXT,
    jobsize BIGINT,
    lastrollupdate TEXT COLLATE "C",
    percentdonebydefectcountrollup DOUBLE PRECISION,
    percentdonebydefectestimaterollup DOUBLE PRECISION,
    percentdonebytotalcountrollup DOUBLE PRECISION,
    percentdonebytotalestimaterollup DOUBLE PRECISION,
    plannedenddate TEXT COLLATE "C",
    plannedstartdate TEXT COLLATE "C",
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
    statechangeddate TEXT COLLATE "C",
    timecriticality BIGINT,
    totalcountrollup BIGINT,
    totalestimaterollup DOUBLE PRECISION,
    unestimateddefectcountrollup BIGINT,
    unestimatedleafstorycount BIGINT,
    unestimatedtotalcountrollup BIGINT,
    userbusinessvalue BIGINT,
    valuescore BIGINT,
    wsjfscore DOUBLE PRECISION,
    accepteddate TEXT COLLATE "C",
    financialworktype TEXT,
    flowstate_oid BIGINT,
    flowstatechangeddate TEXT COLLATE "C",
    iterationvalue TEXT,
    lastrun_date TEXT COLLATE "C",
    passingtestcasecount BIGINT,
    planestimate DOUBLE PRECISION,
    schedulestate TEXT,
    schedulestateprefix TEXT,
    taskactualtotal DOUBLE PRECISION,
    taskestimatetotal DOUBLE PRECISION,
    taskremainingtotal DOUBLE PRECISION,
    testcasecount BIGINT,
    affectsdoc BOOLEAN,
    closeddate TEXT COLLATE "C",
    environment TEXT,
    fixedinbuild TEXT,
    foundinbuild TEXT,
    inprogressdate TEXT COLLATE "C",
    openeddate TEXT COLLATE "C",
    releasenote BOOLEAN,
    requirement_oid BIGINT,
    resolution TEXT,
    salesforcecaseid TEXT,
    salesforcecasenumber TEXT,
    severity TEXT,
    submittedby_oid BIGINT,
    targetbuild TEXT,
    targetdate TEXT COLLATE "C",
    taskstatus TEXT,
    testcaseresult_oid BIGINT,
    testcasestatus TEXT,
    verifiedinbuild TEXT,
    closeddefectcount BIGINT,
    totaldefectcount BIGINT,
    latechildcount BIGINT,
    parent_oid BIGINT,
    calculatedrisk BIGINT,
    exposure DOUBLE PRECISION,
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
    oid BIGINT NOT NULL,
    uuid TEXT COLLATE "C" NOT NULL,
    creationdate TEXT COLLATE "C" NOT NULL,
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
    oid BIGINT NOT NULL,
    uuid TEXT COLLATE "C" NOT NULL,
    creationdate TEXT COLLATE "C" NOT NULL,
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
    oid BIGINT NOT NULL,
    uuid TEXT COLLATE "C" NOT NULL,
    creationdate TEXT COLLATE "C" NOT NULL,
    versionid BIGINT NOT NULL,
    workspace_oid BIGINT,
    content BYTEA,
    project_oid BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_attachmentcontent_project_oid ON attachmentcontent (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_attachmentcontent_uuid ON attachmentcontent (uuid);
CREATE TABLE basekanbanstate (
    oid BIGINT NOT NULL,
    uuid TEXT COLLATE "C" NOT NULL,
    creationdate TEXT COLLATE "C" NOT NULL,
    versionid BIGINT NOT NULL,
    concrete_type TEXT COLLATE "C" NOT NULL,
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
    oid BIGINT NOT NULL,
    uuid TEXT COLLATE "C" NOT NULL,
    creationdate TEXT COLLATE "C" NOT NULL,
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
    oid BIGINT NOT NULL,
    uuid TEXT COLLATE "C" NOT NULL,
    creationdate TEXT COLLATE "C" NOT NULL,
    versionid BIGINT NOT NULL,
    workspace_oid BIGINT,
    builddefinition_oid BIGINT,
    duration DOUBLE PRECISION,
    message TEXT,
    number TEXT,
    start TEXT COLLATE "C",
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
    oid BIGINT NOT NULL,
    uuid TEXT COLLATE "C" NOT NULL,
    creationdate TEXT COLLATE "C" NOT NULL,
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
    oid BIGINT NOT NULL,
    uuid TEXT COLLATE "C" NOT NULL,
    creationdate TEXT COLLATE "C" NOT NULL,
    versionid BIGINT NOT NULL,
    workspace_oid BIGINT,
    project_oid BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_buildmetric_project_oid ON buildmetric (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_buildmetric_uuid ON buildmetric (uuid);
CREATE TABLE buildmetricdefinition (
    oid BIGINT NOT NULL,
    uuid TEXT COLLATE "C" NOT NULL,
    creationdate TEXT COLLATE "C" NOT NULL,
    versionid BIGINT NOT NULL,
    workspace_oid BIGINT,
    project_oid BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_buildmetricdefinition_project_oid ON buildmetricdefinition (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_buildmetricdefinition_uuid ON buildmetricdefinition (uuid);
CREATE TABLE capacityplan (
    oid BIGINT NOT NULL,
    uuid TEXT COLLATE "C" NOT NULL,
    creationdate TEXT COLLATE "C" NOT NULL,
    versionid BIGINT NOT NULL,
    concrete_type TEXT COLLATE "C" NOT NULL,
    workspace_oid BIGINT,
    associatedprojectnames TEXT,
    capacityplanstatus TEXT,
    createdby_oid BIGINT,
    cutlineposition BIGINT,
    endrelease_oid BIGINT,
    estimationtype TEXT,
    finalizedate TEXT COLLATE "C",
    formattedid TEXT,
    hierarchytype TEXT,
    itemtypedef_oid BIGINT,
    lastupdatedate TEXT COLLATE "C",
    legacyid TEXT,
    name TEXT,
    parentcapacityplan_oid BIGINT,
    planprojectsconformity TEXT,
    project_oid BIGINT,
    projectmode TEXT,
    publishdate TEXT COLLATE "C",
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
    oid BIGINT NOT NULL,
    uuid TEXT COLLATE "C" NOT NULL,
    creationdate TEXT COLLATE "C" NOT NULL,
    versionid BIGINT NOT NULL,
    workspace_oid BIGINT,
    allocationcount BIGINT,
    allocationpoints BIGINT,
    capacityplanitem_oid BIGINT,
    capacityplanproject_oid BIGINT,
    deleted BOOLEAN,
    deletiondate TEXT COLLATE "C",
    project_oid BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_capacityplanassignment_capacityplanitem_oid ON capacityplanassignment (capacityplanitem_oid) WHERE capacityplanitem_oid IS NOT NULL;
CREATE INDEX ix_capacityplanassignment_capacityplanproject_oid ON capacityplanassignment (capacityplanproject_oid) WHERE capacityplanproject_oid IS NOT NULL;
CREATE INDEX ix_capacityplanassignment_project_oid ON capacityplanassignment (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_capacityplanassignment_uuid ON capacityplanassignment (uuid);
CREATE TABLE capacityplanitem (
    oid BIGINT NOT NULL,
    uuid TEXT COLLATE "C" NOT NULL,
    creationdate TEXT COLLATE "C" NOT NULL,
    versionid BIGINT NOT NULL,
    workspace_oid BIGINT,
    capacityplan_oid BIGINT,
    deleted BOOLEAN,
    deleteditemformattedid TEXT,
    deleteditemname TEXT,
    deletiondate TEXT COLLATE "C",
    draganddroprank TEXT,
    portfolioitem_oid BIGINT,
    rank DOUBLE PRECISION,
    project_oid BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_capacityplanitem_capacityplan_oid ON capacityplanitem (capacityplan_oid) WHERE capacityplan_oid IS NOT NULL;
CREATE INDEX ix_capacityplanitem_portfolioitem_oid ON capacityplanitem (portfolioitem_oid) WHERE portfolioitem_oid IS NOT NULL;
CREATE INDEX ix_capacityplanitem_project_oid ON capacityplanitem (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_capacityplanitem_uuid ON capacityplanitem (uuid);
CREATE TABLE capacityplanproject (
    oid BIGINT NOT NULL,
    uuid TEXT COLLATE "C" NOT NULL,
    creationdate TEXT COLLATE "C" NOT NULL,
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
    oid BIGINT NOT NULL,
    uuid TEXT COLLATE "C" NOT NULL,
    creationdate TEXT COLLATE "C" NOT NULL,
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
    oid BIGINT NOT NULL,
    uuid TEXT COLLATE "C" NOT NULL,
    creationdate TEXT COLLATE "C" NOT NULL,
    versionid BIGINT NOT NULL,
    workspace_oid BIGINT,
    author_oid BIGINT,
    branch TEXT,
    buildsdata TEXT,
    changesdata TEXT,
    committimestamp TEXT COLLATE "C",
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
    oid BIGINT NOT NULL,
    uuid TEXT COLLATE "C" NOT NULL,
    creationdate TEXT COLLATE "C" NOT NULL,
    versionid BIGINT NOT NULL,
    workspace_oid BIGINT,
    active BOOLEAN,
    createdby_oid BIGINT,
    frequency TEXT,
    lastupdatedate TEXT COLLATE "C",
    name TEXT,
    project_oid BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_connectallintegration_createdby_oid ON connectallintegration (createdby_oid) WHERE createdby_oid IS NOT NULL;
CREATE INDEX ix_connectallintegration_project_oid ON connectallintegration (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_connectallintegration_uuid ON connectallintegration (uuid);
CREATE TABLE connection (
    oid BIGINT NOT NULL,
    uuid TEXT COLLATE "C" NOT NULL,
    creationdate TEXT COLLATE "C" NOT NULL,
    versionid BIGINT NOT NULL,
    concrete_type TEXT COLLATE "C" NOT NULL,
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
    oid BIGINT NOT NULL,
    uuid TEXT COLLATE "C" NOT NULL,
    creationdate TEXT COLLATE "C" NOT NULL,
    versionid BIGINT NOT NULL,
    workspace_oid BIGINT,
    artifact_oid BIGINT,
    lastupdatedate TEXT COLLATE "C",
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
    name TEXT COLLATE "C" NOT NULL,
    value BIGINT NOT NULL,
    PRIMARY KEY (scope, name)
);
CREATE TABLE cumulativeflowdata (
    oid BIGINT NOT NULL,
    uuid TEXT COLLATE "C" NOT NULL,
    creationdate TEXT COLLATE "C" NOT NULL,
    versionid BIGINT NOT NULL,
    concrete_type TEXT COLLATE "C" NOT NULL,
    workspace_oid BIGINT,
    cardcount BIGINT,
    cardestimatetotal DOUBLE PRECISION,
    cardstate TEXT,
    cardtodototal DOUBLE PRECISION,
    taskestimatetotal DOUBLE PRECISION,
    iterationobjectid BIGINT,
    releaseobjectid BIGINT,
    project_oid BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_cumulativeflowdata_project_oid ON cumulativeflowdata (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_cumulativeflowdata_uuid ON cumulativeflowdata (uuid);
CREATE TABLE custom_attribute (
    oid BIGINT NOT NULL,
    uuid TEXT COLLATE "C" NOT NULL,
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
    oid BIGINT NOT NULL,
    uuid TEXT COLLATE "C" NOT NULL,
    workspace_oid BIGINT NOT NULL,
    typepath TEXT,
    name TEXT,
    idprefix TEXT,
    ordinal BIGINT,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_custom_type_workspace_oid ON custom_type (workspace_oid);
CREATE TABLE dashboard (
    oid BIGINT NOT NULL,
    uuid TEXT COLLATE "C" NOT NULL,
    creationdate TEXT COLLATE "C" NOT NULL,
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
    oid BIGINT NOT NULL,
    uuid TEXT COLLATE "C" NOT NULL,
    creationdate TEXT COLLATE "C" NOT NULL,
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
    oid BIGINT NOT NULL,
    type TEXT COLLATE "C" NOT NULL,
    uuid TEXT COLLATE "C" NOT NULL,
    name TEXT,
    workspace_oid BIGINT,
    project_oid BIGINT,
    PRIMARY KEY (oid)
);
CREATE UNIQUE INDEX ix_directory_uuid ON directory (uuid);
CREATE TABLE epoch (
    name TEXT COLLATE "C" NOT NULL,
    value BIGINT NOT NULL,
    PRIMARY KEY (name)
);
CREATE TABLE event (
    seq BIGSERIAL NOT NULL,
    at TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    oid BIGINT NOT NULL,
    type TEXT COLLATE "C" NOT NULL,
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
    oid BIGINT NOT NULL,
    uuid TEXT COLLATE "C" NOT NULL,
    creationdate TEXT COLLATE "C" NOT NULL,
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
    oid BIGINT NOT NULL,
    uuid TEXT COLLATE "C" NOT NULL,
    creationdate TEXT COLLATE "C" NOT NULL,
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
    oid BIGINT NOT NULL,
    uuid TEXT COLLATE "C" NOT NULL,
    creationdate TEXT COLLATE "C" NOT NULL,
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
    oid BIGINT NOT NULL,
    uuid TEXT COLLATE "C" NOT NULL,
    creationdate TEXT COLLATE "C" NOT NULL,
    versionid BIGINT NOT NULL,
    createdby_oid BIGINT,
    credential TEXT,
    lastupdatedate TEXT COLLATE "C",
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
    oid BIGINT NOT NULL,
    uuid TEXT COLLATE "C" NOT NULL,
    creationdate TEXT COLLATE "C" NOT NULL,
    versionid BIGINT NOT NULL,
    dateenabled TEXT COLLATE "C",
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
    oid BIGINT NOT NULL,
    uuid TEXT COLLATE "C" NOT NULL,
    creationdate TEXT COLLATE "C" NOT NULL,
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
    oid BIGINT NOT NULL,
    uuid TEXT COLLATE "C" NOT NULL,
    creationdate TEXT COLLATE "C" NOT NULL,
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
    oid BIGINT NOT NULL,
    uuid TEXT COLLATE "C" NOT NULL,
    creationdate TEXT COLLATE "C" NOT NULL,
    versionid BIGINT NOT NULL,
    workspace_oid BIGINT,
    cascadedtochildren BOOLEAN,
    childrenplannedvelocity DOUBLE PRECISION,
    coloraggregation TEXT,
    enddate TEXT COLLATE "C",
    lastupdatedate TEXT COLLATE "C",
    name TEXT,
    notes TEXT,
    planestimate DOUBLE PRECISION,
    plannedvelocity DOUBLE PRECISION,
    project_oid BIGINT,
    revisionhistory_oid BIGINT,
    startdate TEXT COLLATE "C",
    state TEXT,
    syncedwithparent BOOLEAN,
    taskactualtotal DOUBLE PRECISION,
    taskestimatetotal DOUBLE PRECISION,
    taskremainingtotal DOUBLE PRECISION,
    theme TEXT,
    unplannedworkitemcount BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_iteration_project_oid ON iteration (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_iteration_revisionhistory_oid ON iteration (revisionhistory_oid) WHERE revisionhistory_oid IS NOT NULL;
CREATE INDEX ix_iteration_uuid ON iteration (uuid);
CREATE TABLE keymanagementservice (
    oid BIGINT NOT NULL,
    uuid TEXT COLLATE "C" NOT NULL,
    creationdate TEXT COLLATE "C" NOT NULL,
    versionid BIGINT NOT NULL,
    createdby_oid BIGINT,
    description TEXT,
    enabled BOOLEAN,
    lastupdatedate TEXT COLLATE "C",
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
    oid BIGINT NOT NULL,
    uuid TEXT COLLATE "C" NOT NULL,
    creationdate TEXT COLLATE "C" NOT NULL,
    versionid BIGINT NOT NULL,
    workspace_oid BIGINT,
    draganddroprank TEXT,
    createdby_oid BIGINT,
    description TEXT,
    displaycolor TEXT,
    formattedid TEXT,
    lastupdatedate TEXT COLLATE "C",
    lastupdateddate TEXT COLLATE "C",
    latestactualvalue_oid BIGINT,
    name TEXT,
    nextinterimtarget_oid BIGINT,
    objective_oid BIGINT,
    owner_oid BIGINT,
    percentagecomplete DOUBLE PRECISION,
    revisionhistory_oid BIGINT,
    startingvalue DOUBLE PRECISION,
    targetvalue DOUBLE PRECISION,
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
    oid BIGINT NOT NULL,
    uuid TEXT COLLATE "C" NOT NULL,
    creationdate TEXT COLLATE "C" NOT NULL,
    versionid BIGINT NOT NULL,
    concrete_type TEXT COLLATE "C" NOT NULL,
    workspace_oid BIGINT,
    keyresult_oid BIGINT,
    lastupdatedate TEXT COLLATE "C",
    lastupdateddate TEXT COLLATE "C",
    objective_oid BIGINT,
    value DOUBLE PRECISION,
    valuedate TEXT COLLATE "C",
    actualvalueprogress DOUBLE PRECISION,
    interimtargetprogress DOUBLE PRECISION,
    project_oid BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_keyresultdata_keyresult_oid ON keyresultdata (keyresult_oid) WHERE keyresult_oid IS NOT NULL;
CREATE INDEX ix_keyresultdata_objective_oid ON keyresultdata (objective_oid) WHERE objective_oid IS NOT NULL;
CREATE INDEX ix_keyresultdata_project_oid ON keyresultdata (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_keyresultdata_uuid ON keyresultdata (uuid);
CREATE TABLE ldapconfiguration (
    oid BIGINT NOT NULL,
    uuid TEXT COLLATE "C" NOT NULL,
    creationdate TEXT COLLATE "C" NOT NULL,
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
    relation TEXT COLLATE "C" NOT NULL,
    left_oid BIGINT NOT NULL,
    right_oid BIGINT NOT NULL,
    PRIMARY KEY (relation, left_oid, right_oid)
);
CREATE INDEX ix_link_left ON link (left_oid, relation);
CREATE INDEX ix_link_reverse ON link (relation, right_oid, left_oid);
CREATE INDEX ix_link_right ON link (right_oid, relation);
CREATE TABLE object_id_block (
    block BIGINT NOT NULL,
    workspace_oid BIGINT NOT NULL,
    PRIMARY KEY (block)
);
CREATE TABLE objective (
    oid BIGINT NOT NULL,
    uuid TEXT COLLATE "C" NOT NULL,
    creationdate TEXT COLLATE "C" NOT NULL,
    versionid BIGINT NOT NULL,
    concrete_type TEXT COLLATE "C" NOT NULL,
    workspace_oid BIGINT,
    draganddroprank TEXT,
    acceptedleafstorycount BIGINT,
    acceptedleafstoryplanestimatetotal DOUBLE PRECISION,
    createdby_oid BIGINT,
    description TEXT,
    displaycolor TEXT,
    formattedid TEXT,
    interimtargetdatetemplate TEXT,
    keyresultaverageprogress DOUBLE PRECISION,
    lastupdatedate TEXT COLLATE "C",
    lastupdateddate TEXT COLLATE "C",
    latestdiscussionageinminutes BIGINT,
    leafstorycount BIGINT,
    leafstoryplanestimatetotal DOUBLE PRECISION,
    name TEXT,
    nextinterimtargetaverageprogress DOUBLE PRECISION,
    objectivetype_oid BIGINT,
    objectivetypename TEXT,
    owner_oid BIGINT,
    percentdonebystorycount DOUBLE PRECISION,
    percentdonebystorypoints DOUBLE PRECISION,
    revisionhistory_oid BIGINT,
    score DOUBLE PRECISION,
    startdate TEXT COLLATE "C",
    state_oid BIGINT,
    statechangeddate TEXT COLLATE "C",
    targetdate TEXT COLLATE "C",
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
    oid BIGINT NOT NULL,
    uuid TEXT COLLATE "C" NOT NULL,
    creationdate TEXT COLLATE "C" NOT NULL,
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
    oid BIGINT NOT NULL,
    uuid TEXT COLLATE "C" NOT NULL,
    creationdate TEXT COLLATE "C" NOT NULL,
    versionid BIGINT NOT NULL,
    workspace_oid BIGINT,
    config TEXT,
    createdby_oid BIGINT,
    description TEXT,
    lastupdatedate TEXT COLLATE "C",
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
    oid BIGINT NOT NULL,
    uuid TEXT COLLATE "C" NOT NULL,
    creationdate TEXT COLLATE "C" NOT NULL,
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
    oid BIGINT NOT NULL,
    uuid TEXT COLLATE "C" NOT NULL,
    creationdate TEXT COLLATE "C" NOT NULL,
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
    user_oid BIGINT NOT NULL,
    hash TEXT NOT NULL,
    set_at TEXT COLLATE "C" NOT NULL,
    history TEXT DEFAULT '[]' NOT NULL,
    failures TEXT DEFAULT '[]' NOT NULL,
    locked_by_admin BOOLEAN DEFAULT false NOT NULL,
    PRIMARY KEY (user_oid)
);
CREATE TABLE portfolioitempredecessorrelationship (
    oid BIGINT NOT NULL,
    uuid TEXT COLLATE "C" NOT NULL,
    creationdate TEXT COLLATE "C" NOT NULL,
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
    oid BIGINT NOT NULL,
    uuid TEXT COLLATE "C" NOT NULL,
    creationdate TEXT COLLATE "C" NOT NULL,
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
    oid BIGINT NOT NULL,
    uuid TEXT COLLATE "C" NOT NULL,
    creationdate TEXT COLLATE "C" NOT NULL,
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
    oid BIGINT NOT NULL,
    uuid TEXT COLLATE "C" NOT NULL,
    creationdate TEXT COLLATE "C" NOT NULL,
    versionid BIGINT NOT NULL,
    content BYTEA,
    workspace_oid BIGINT,
    project_oid BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_profileimage_project_oid ON profileimage (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_profileimage_uuid ON profileimage (uuid);
CREATE TABLE program (
    oid BIGINT NOT NULL,
    uuid TEXT COLLATE "C" NOT NULL,
    creationdate TEXT COLLATE "C" NOT NULL,
    versionid BIGINT NOT NULL,
    workspace_oid BIGINT,
    project_oid BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_program_project_oid ON program (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_program_uuid ON program (uuid);
CREATE TABLE recyclebinentry (
    oid BIGINT NOT NULL,
    uuid TEXT COLLATE "C" NOT NULL,
    creationdate TEXT COLLATE "C" NOT NULL,
    versionid BIGINT NOT NULL,
    workspace_oid BIGINT,
    deletedby_oid BIGINT,
    deletiondate TEXT COLLATE "C",
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
    oid BIGINT NOT NULL,
    item_oid BIGINT NOT NULL,
    type TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_recycled_item_oid ON recycled (item_oid);
CREATE TABLE release (
    oid BIGINT NOT NULL,
    uuid TEXT COLLATE "C" NOT NULL,
    creationdate TEXT COLLATE "C" NOT NULL,
    versionid BIGINT NOT NULL,
    workspace_oid BIGINT,
    accepted DOUBLE PRECISION,
    cascadedtochildren BOOLEAN,
    childrenplannedvelocity DOUBLE PRECISION,
    grossestimateconversionratio DOUBLE PRECISION,
    lastupdatedate TEXT COLLATE "C",
    name TEXT,
    notes TEXT,
    planestimate DOUBLE PRECISION,
    plannedvelocity DOUBLE PRECISION,
    project_oid BIGINT,
    releasebacklogitemscount BIGINT,
    releasedate TEXT COLLATE "C",
    releasestartdate TEXT COLLATE "C",
    revisionhistory_oid BIGINT,
    state TEXT,
    syncedwithparent BOOLEAN,
    taskactualtotal DOUBLE PRECISION,
    taskestimatetotal DOUBLE PRECISION,
    taskremainingtotal DOUBLE PRECISION,
    theme TEXT,
    version TEXT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_release_project_oid ON release (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_release_revisionhistory_oid ON release (revisionhistory_oid) WHERE revisionhistory_oid IS NOT NULL;
CREATE INDEX ix_release_uuid ON release (uuid);
CREATE TABLE revision (
    oid BIGINT NOT NULL,
    uuid TEXT COLLATE "C" NOT NULL,
    creationdate TEXT COLLATE "C" NOT NULL,
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
    oid BIGINT NOT NULL,
    uuid TEXT COLLATE "C" NOT NULL,
    creationdate TEXT COLLATE "C" NOT NULL,
    versionid BIGINT NOT NULL,
    workspace_oid BIGINT,
    project_oid BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_revisionhistory_project_oid ON revisionhistory (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_revisionhistory_uuid ON revisionhistory (uuid);
CREATE TABLE schedulestate (
    oid BIGINT NOT NULL,
    uuid TEXT COLLATE "C" NOT NULL,
    creationdate TEXT COLLATE "C" NOT NULL,
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
    oid BIGINT NOT NULL,
    uuid TEXT COLLATE "C" NOT NULL,
    creationdate TEXT COLLATE "C" NOT NULL,
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
    oid BIGINT NOT NULL,
    uuid TEXT COLLATE "C" NOT NULL,
    creationdate TEXT COLLATE "C" NOT NULL,
    versionid BIGINT NOT NULL,
    concrete_type TEXT COLLATE "C" NOT NULL,
    description TEXT,
    name TEXT,
    notes TEXT,
    owner_oid BIGINT,
    state TEXT,
    lastupdateddate TEXT COLLATE "C",
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
    oid BIGINT NOT NULL,
    uuid TEXT COLLATE "C" NOT NULL,
    creationdate TEXT COLLATE "C" NOT NULL,
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
    id BYTEA NOT NULL,
    user_oid BIGINT NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    security_token TEXT,
    created_at TEXT COLLATE "C" NOT NULL,
    last_used_at TEXT COLLATE "C" NOT NULL,
    expires_at TEXT COLLATE "C" NOT NULL,
    idle_seconds BIGINT,
    address TEXT,
    client TEXT,
    PRIMARY KEY (id)
);
CREATE INDEX ix_session_user_oid ON session (user_oid);
CREATE TABLE slice (
    oid BIGINT NOT NULL,
    uuid TEXT COLLATE "C" NOT NULL,
    creationdate TEXT COLLATE "C" NOT NULL,
    versionid BIGINT NOT NULL,
    concrete_type TEXT COLLATE "C" NOT NULL,
    workspace_oid BIGINT,
    description TEXT,
    displaycolor TEXT,
    formattedid TEXT,
    lastupdatedate TEXT COLLATE "C",
    name TEXT,
    notes TEXT,
    recycled BOOLEAN,
    revisionhistory_oid BIGINT,
    acceptedleafstoryplanestimatetotal DOUBLE PRECISION,
    amount DOUBLE PRECISION,
    dependencycountforlowestlevelportfolioitems BIGINT,
    enddate TEXT COLLATE "C",
    leafstoryplanestimatetotal DOUBLE PRECISION,
    percentchildartifactsscheduled DOUBLE PRECISION,
    percentdonebystoryplanestimate DOUBLE PRECISION,
    percentdonebyworkdays DOUBLE PRECISION,
    startdate TEXT COLLATE "C",
    totalartifactcount BIGINT,
    totalscheduledartifactscount BIGINT,
    totalworkdays BIGINT,
    totalworkdayselapsed BIGINT,
    acceptedworkitemcount BIGINT,
    acceptedworkitempoints DOUBLE PRECISION,
    closedprojectcount BIGINT,
    dclastupdatedate TEXT COLLATE "C",
    dcpercentlowriskremaining DOUBLE PRECISION,
    dcproduct DOUBLE PRECISION,
    dcweakestprojectrisk TEXT,
    dcweakestprojectscore DOUBLE PRECISION,
    dcweightedaveragerisk TEXT,
    dcweightedaveragescore DOUBLE PRECISION,
    issuecount BIGINT,
    percentdonebyworkitemcount DOUBLE PRECISION,
    percentdonebyworkitempoints DOUBLE PRECISION,
    targetdate TEXT COLLATE "C",
    targetproject_oid BIGINT,
    totalprojectcount BIGINT,
    totalworkitemcount BIGINT,
    totalworkitempoints DOUBLE PRECISION,
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
    oid BIGINT NOT NULL,
    uuid TEXT COLLATE "C" NOT NULL,
    creationdate TEXT COLLATE "C" NOT NULL,
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
    dataexportexpirationdate TEXT COLLATE "C",
    dataexportsize TEXT,
    dataexportstatus TEXT,
    dataexportstatusdate TEXT COLLATE "C",
    dataexporttraceid TEXT,
    defectconversionenabled BOOLEAN,
    destinationauthorizationname TEXT,
    directssoidpentityid TEXT,
    directssoidpsigningcert TEXT,
    disableduserscount BIGINT,
    emailenabled BOOLEAN,
    enableduserscount BIGINT,
    expirationdate TEXT COLLATE "C",
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
    terminationdate TEXT COLLATE "C",
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
    oid BIGINT NOT NULL,
    uuid TEXT COLLATE "C" NOT NULL,
    creationdate TEXT COLLATE "C" NOT NULL,
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
    oid BIGINT NOT NULL,
    uuid TEXT COLLATE "C" NOT NULL,
    creationdate TEXT COLLATE "C" NOT NULL,
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
    oid BIGINT NOT NULL,
    uuid TEXT COLLATE "C" NOT NULL,
    creationdate TEXT COLLATE "C" NOT NULL,
    versionid BIGINT NOT NULL,
    workspace_oid BIGINT,
    build TEXT,
    date TEXT COLLATE "C",
    duration DOUBLE PRECISION,
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
    oid BIGINT NOT NULL,
    uuid TEXT COLLATE "C" NOT NULL,
    creationdate TEXT COLLATE "C" NOT NULL,
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
    oid BIGINT NOT NULL,
    uuid TEXT COLLATE "C" NOT NULL,
    creationdate TEXT COLLATE "C" NOT NULL,
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
    oid BIGINT NOT NULL,
    uuid TEXT COLLATE "C" NOT NULL,
    creationdate TEXT COLLATE "C" NOT NULL,
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
    oid BIGINT NOT NULL,
    uuid TEXT COLLATE "C" NOT NULL,
    creationdate TEXT COLLATE "C" NOT NULL,
    versionid BIGINT NOT NULL,
    workspace_oid BIGINT,
    project_oid BIGINT,
    projectdisplaystring TEXT,
    revisionhistory_oid BIGINT,
    task_oid BIGINT,
    taskdisplaystring TEXT,
    user_oid BIGINT,
    weekstartdate TEXT COLLATE "C",
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
    oid BIGINT NOT NULL,
    uuid TEXT COLLATE "C" NOT NULL,
    creationdate TEXT COLLATE "C" NOT NULL,
    versionid BIGINT NOT NULL,
    workspace_oid BIGINT,
    dateval TEXT COLLATE "C",
    hours DOUBLE PRECISION,
    lastupdated TEXT COLLATE "C",
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
CREATE TABLE "user" (
    oid BIGINT NOT NULL,
    uuid TEXT COLLATE "C" NOT NULL,
    creationdate TEXT COLLATE "C" NOT NULL,
    versionid BIGINT NOT NULL,
    accountlockeduntil TEXT COLLATE "C",
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
    lastactivedate TEXT COLLATE "C",
    lastlogindate TEXT COLLATE "C",
    lastname TEXT,
    lastpasswordupdatedate TEXT COLLATE "C",
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
CREATE INDEX ix_user_defaultproject_oid ON "user" (defaultproject_oid) WHERE defaultproject_oid IS NOT NULL;
CREATE INDEX ix_user_profileimage_oid ON "user" (profileimage_oid) WHERE profileimage_oid IS NOT NULL;
CREATE INDEX ix_user_project_oid ON "user" (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_user_revisionhistory_oid ON "user" (revisionhistory_oid) WHERE revisionhistory_oid IS NOT NULL;
CREATE INDEX ix_user_username ON "user" (username);
CREATE INDEX ix_user_userprofile_oid ON "user" (userprofile_oid) WHERE userprofile_oid IS NOT NULL;
CREATE INDEX ix_user_uuid ON "user" (uuid);
CREATE TABLE useriterationcapacity (
    oid BIGINT NOT NULL,
    uuid TEXT COLLATE "C" NOT NULL,
    creationdate TEXT COLLATE "C" NOT NULL,
    versionid BIGINT NOT NULL,
    workspace_oid BIGINT,
    capacity DOUBLE PRECISION,
    iteration_oid BIGINT,
    load DOUBLE PRECISION,
    project_oid BIGINT,
    taskestimates DOUBLE PRECISION,
    user_oid BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_useriterationcapacity_iteration_oid ON useriterationcapacity (iteration_oid) WHERE iteration_oid IS NOT NULL;
CREATE INDEX ix_useriterationcapacity_project_oid ON useriterationcapacity (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_useriterationcapacity_user_oid ON useriterationcapacity (user_oid) WHERE user_oid IS NOT NULL;
CREATE INDEX ix_useriterationcapacity_uuid ON useriterationcapacity (uuid);
CREATE TABLE usernotificationfilter (
    oid BIGINT NOT NULL,
    uuid TEXT COLLATE "C" NOT NULL,
    creationdate TEXT COLLATE "C" NOT NULL,
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
    oid BIGINT NOT NULL,
    uuid TEXT COLLATE "C" NOT NULL,
    creationdate TEXT COLLATE "C" NOT NULL,
    versionid BIGINT NOT NULL,
    concrete_type TEXT COLLATE "C" NOT NULL,
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
    oid BIGINT NOT NULL,
    uuid TEXT COLLATE "C" NOT NULL,
    creationdate TEXT COLLATE "C" NOT NULL,
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
    oid BIGINT NOT NULL,
    uuid TEXT COLLATE "C" NOT NULL,
    creationdate TEXT COLLATE "C" NOT NULL,
    versionid BIGINT NOT NULL,
    workspace_oid BIGINT,
    commitmessage TEXT,
    committime TEXT COLLATE "C",
    deploy_oid BIGINT,
    lastupdatedate TEXT COLLATE "C",
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
    oid BIGINT NOT NULL,
    uuid TEXT COLLATE "C" NOT NULL,
    creationdate TEXT COLLATE "C" NOT NULL,
    versionid BIGINT NOT NULL,
    workspace_oid BIGINT,
    lastcommittime TEXT COLLATE "C",
    lasttimedeployed TEXT COLLATE "C",
    lastupdatedate TEXT COLLATE "C",
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
    oid BIGINT NOT NULL,
    uuid TEXT COLLATE "C" NOT NULL,
    creationdate TEXT COLLATE "C" NOT NULL,
    versionid BIGINT NOT NULL,
    workspace_oid BIGINT,
    buildid TEXT,
    component_oid BIGINT,
    issuccessful BOOLEAN,
    lastupdatedate TEXT COLLATE "C",
    mainrevision TEXT,
    revisionhistory_oid BIGINT,
    sourceid TEXT,
    sourcesystemmetadata TEXT,
    sourceurl TEXT,
    timecreated TEXT COLLATE "C",
    timedeployed TEXT COLLATE "C",
    project_oid BIGINT,
    custom_fields TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (oid)
);
CREATE INDEX ix_vsmdeploy_component_oid ON vsmdeploy (component_oid) WHERE component_oid IS NOT NULL;
CREATE INDEX ix_vsmdeploy_project_oid ON vsmdeploy (project_oid) WHERE project_oid IS NOT NULL;
CREATE INDEX ix_vsmdeploy_revisionhistory_oid ON vsmdeploy (revisionhistory_oid) WHERE revisionhistory_oid IS NOT NULL;
CREATE INDEX ix_vsmdeploy_uuid ON vsmdeploy (uuid);
CREATE TABLE vsmincident (
    oid BIGINT NOT NULL,
    uuid TEXT COLLATE "C" NOT NULL,
    creationdate TEXT COLLATE "C" NOT NULL,
    versionid BIGINT NOT NULL,
    workspace_oid BIGINT,
    channel TEXT,
    closeddate TEXT COLLATE "C",
    component_oid BIGINT,
    description TEXT,
    lastupdatedate TEXT COLLATE "C",
    name TEXT,
    openeddate TEXT COLLATE "C",
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
    oid BIGINT NOT NULL,
    uuid TEXT COLLATE "C" NOT NULL,
    creationdate TEXT COLLATE "C" NOT NULL,
    versionid BIGINT NOT NULL,
    workspace_oid BIGINT,
    investmentcategory TEXT,
    investmentintentname TEXT,
    lastupdatedate TEXT COLLATE "C",
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
    oid BIGINT NOT NULL,
    uuid TEXT COLLATE "C" NOT NULL,
    creationdate TEXT COLLATE "C" NOT NULL,
    versionid BIGINT NOT NULL,
    workspace_oid BIGINT,
    automated BOOLEAN,
    createdby_oid BIGINT,
    lastupdatedate TEXT COLLATE "C",
    metric_oid BIGINT,
    revisionhistory_oid BIGINT,
    sourceid TEXT,
    sourcesystemmetadata TEXT,
    sourceurl TEXT,
    value DOUBLE PRECISION,
    valuetime TEXT COLLATE "C",
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
    oid BIGINT NOT NULL,
    uuid TEXT COLLATE "C" NOT NULL,
    creationdate TEXT COLLATE "C" NOT NULL,
    versionid BIGINT NOT NULL,
    concrete_type TEXT COLLATE "C" NOT NULL,
    workspace_oid BIGINT,
    active BOOLEAN,
    category TEXT,
    createdby_oid BIGINT,
    description TEXT,
    lastupdatedate TEXT COLLATE "C",
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
    oid BIGINT NOT NULL,
    uuid TEXT COLLATE "C" NOT NULL,
    creationdate TEXT COLLATE "C" NOT NULL,
    versionid BIGINT NOT NULL,
    workspace_oid BIGINT,
    lastupdatedate TEXT COLLATE "C",
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
    oid BIGINT NOT NULL,
    uuid TEXT COLLATE "C" NOT NULL,
    creationdate TEXT COLLATE "C" NOT NULL,
    versionid BIGINT NOT NULL,
    workspace_oid BIGINT,
    createdby_oid BIGINT,
    lastupdatedate TEXT COLLATE "C",
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
    oid BIGINT NOT NULL,
    uuid TEXT COLLATE "C" NOT NULL,
    creationdate TEXT COLLATE "C" NOT NULL,
    versionid BIGINT NOT NULL,
    workspace_oid BIGINT,
    active BOOLEAN,
    description TEXT,
    hierarchylevel BIGINT,
    investmentintent TEXT,
    isleaf BOOLEAN,
    lastupdatedate TEXT COLLATE "C",
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
    oid BIGINT NOT NULL,
    uuid TEXT COLLATE "C" NOT NULL,
    creationdate TEXT COLLATE "C" NOT NULL,
    versionid BIGINT NOT NULL,
    workspace_oid BIGINT,
    lastupdatedate TEXT COLLATE "C",
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
    oid BIGINT NOT NULL,
    uuid TEXT COLLATE "C" NOT NULL,
    creationdate TEXT COLLATE "C" NOT NULL,
    versionid BIGINT NOT NULL,
    workspace_oid BIGINT,
    active BOOLEAN,
    arg1 DOUBLE PRECISION,
    arg2 DOUBLE PRECISION,
    createdby_oid BIGINT,
    lastupdatedate TEXT COLLATE "C",
    metric_oid BIGINT,
    notes TEXT,
    operator TEXT,
    revisionhistory_oid BIGINT,
    sourceid TEXT,
    sourcesystemmetadata TEXT,
    sourceurl TEXT,
    targetdate TEXT COLLATE "C",
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
    oid BIGINT NOT NULL,
    uuid TEXT COLLATE "C" NOT NULL,
    creationdate TEXT COLLATE "C" NOT NULL,
    versionid BIGINT NOT NULL,
    workspace_oid BIGINT,
    dashboard_oid BIGINT,
    hasadminaccessineverysharedproject BOOLEAN,
    lastaccess TEXT COLLATE "C",
    lastupdatedate TEXT COLLATE "C",
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
    oid BIGINT NOT NULL,
    uuid TEXT COLLATE "C" NOT NULL,
    creationdate TEXT COLLATE "C" NOT NULL,
    versionid BIGINT NOT NULL,
    concrete_type TEXT COLLATE "C" NOT NULL,
    config TEXT,
    createdby_oid BIGINT,
    deprecationdate TEXT COLLATE "C",
    description TEXT,
    imagepath TEXT,
    lastupdatedate TEXT COLLATE "C",
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
    oid BIGINT NOT NULL,
    uuid TEXT COLLATE "C" NOT NULL,
    creationdate TEXT COLLATE "C" NOT NULL,
    versionid BIGINT NOT NULL,
    workspace_oid BIGINT,
    columnindex BIGINT,
    config TEXT,
    createdby_oid BIGINT,
    description TEXT,
    lastupdatedate TEXT COLLATE "C",
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
    oid BIGINT NOT NULL,
    uuid TEXT COLLATE "C" NOT NULL,
    creationdate TEXT COLLATE "C" NOT NULL,
    versionid BIGINT NOT NULL,
    workspace_oid BIGINT,
    createdby_oid BIGINT,
    description TEXT,
    lastupdatedate TEXT COLLATE "C",
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
    oid BIGINT NOT NULL,
    uuid TEXT COLLATE "C" NOT NULL,
    creationdate TEXT COLLATE "C" NOT NULL,
    versionid BIGINT NOT NULL,
    color TEXT,
    createdby_oid BIGINT,
    lastupdatedate TEXT COLLATE "C",
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
    oid BIGINT NOT NULL,
    uuid TEXT COLLATE "C" NOT NULL,
    creationdate TEXT COLLATE "C" NOT NULL,
    versionid BIGINT NOT NULL,
    color TEXT,
    createdby_oid BIGINT,
    lastupdatedate TEXT COLLATE "C",
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
    oid BIGINT NOT NULL,
    uuid TEXT COLLATE "C" NOT NULL,
    creationdate TEXT COLLATE "C" NOT NULL,
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
    oid BIGINT NOT NULL,
    uuid TEXT COLLATE "C" NOT NULL,
    creationdate TEXT COLLATE "C" NOT NULL,
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
